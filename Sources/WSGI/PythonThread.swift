import Glibc
import HTTPCore

/// What one Python thread keeps from call to call. Only that thread touches it, but for the slot.
final class PythonThread {
  let slot: CallSlot
  let environs: EnvironBuilder
  /// Where its work comes from.
  let queue: WorkQueue
  private var lastDate = HTTPDateCache(secondsSinceEpoch: 0)

  init(_ bridge: WSGIBridge, _ queue: WorkQueue) {
    self.queue = queue
    slot = CallSlot()
    environs = EnvironBuilder(bridge, slot)
  }

  /// The `Date` of a response that is made now.
  var date: HTTPDateCache {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &now)
    lastDate.update(secondsSinceEpoch: Int64(now.tv_sec))
    return lastDate
  }
}
