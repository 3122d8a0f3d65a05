-- BENCH_DEPTH requests in one write, and the next write after the last of their answers.

dofile(os.getenv("BENCH_LUA") .. "/report.lua")

local batch

function init(args)
  batch = string.rep(wrk.format(), tonumber(os.getenv("BENCH_DEPTH")))
end

function request()
  return batch
end
