import sys

sys.exit("this application refuses to start")
