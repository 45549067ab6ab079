"""A company's own people and deals: read, checked, measured, fitted, back-tested, and written as a world.

mapping   which column is what, and how dates and numbers are written
tables    the one place that reads the files, in pieces
cells     cells as dates, numbers, words and ids that say nothing
check     what is wrong, row by row, and what was left out and why
people    stays, with who was watched from when to when
deals     opportunities, by owner
moments   what the tables show, with bootstrap errors over reps
lifelike  the same figures of a simulated company
fit       the parameters that make the two agree
backtest  held-out months against a base rate
world     the world file and the reports
"""
