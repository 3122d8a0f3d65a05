-- The same request again and again, each a pause after the answer to the one before: of BENCH_PAUSE
-- milliseconds, of which the first is not a whole one (wrk counts by the clock).

dofile(os.getenv("BENCH_LUA") .. "/report.lua")

local pause = tonumber(os.getenv("BENCH_PAUSE"))

function delay()
  return pause
end
