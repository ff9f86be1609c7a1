"""Two demonstration hospitals on real stays, built and walked through the ordinary actions.

Like `comanage.urls` this stands above the rooms and may look into all of them; no room looks
here. It is for one machine and for tests; production settings do not allow it.
"""
