-- The same request again and again, each after the answer to the one before.

dofile(os.getenv("BENCH_LUA") .. "/report.lua")
