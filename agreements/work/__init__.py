"""Work that was done: minutes and wRVUs of a month, recorded by one person, approved by another."""
