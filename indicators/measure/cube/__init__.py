"""Many indicators in one pass over kernel-ready columns, and what is kept between two runs."""
