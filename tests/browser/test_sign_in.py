"""The front door."""


def test_the_sign_in_page_owes_its_reader_what_every_page_does(door):
    stranger = door.stranger()
    stranger.go("/accounts/login/")
    stranger.looks("sign-in", dark=True)
