"""The states, districts and territories that license physicians. Pure."""

STATES = {
    code: name
    for code, _, name in (
        line.partition(" ")
        for line in """\
AL Alabama
AK Alaska
AZ Arizona
AR Arkansas
AS American Samoa
CA California
CO Colorado
CT Connecticut
DE Delaware
DC District of Columbia
FL Florida
GA Georgia
GU Guam
HI Hawaii
ID Idaho
IL Illinois
IN Indiana
IA Iowa
KS Kansas
KY Kentucky
LA Louisiana
ME Maine
MD Maryland
MA Massachusetts
MI Michigan
MN Minnesota
MS Mississippi
MO Missouri
MP Northern Mariana Islands
MT Montana
NE Nebraska
NV Nevada
NH New Hampshire
NJ New Jersey
NM New Mexico
NY New York
NC North Carolina
ND North Dakota
OH Ohio
OK Oklahoma
OR Oregon
PA Pennsylvania
PR Puerto Rico
RI Rhode Island
SC South Carolina
SD South Dakota
TN Tennessee
TX Texas
UT Utah
VT Vermont
VA Virginia
VI Virgin Islands
WA Washington
WV West Virginia
WI Wisconsin
WY Wyoming""".splitlines()
    )
}
