-- The paths of BENCH_PATHS, divided by blanks, one after the other, and from the start again.

dofile(os.getenv("BENCH_LUA") .. "/report.lua")

local requests = {}
local position = 0

function init(args)
  for path in string.gmatch(os.getenv("BENCH_PATHS"), "%S+") do
    requests[#requests + 1] = wrk.format(nil, path)
  end
end

function request()
  position = position % #requests + 1
  return requests[position]
end
