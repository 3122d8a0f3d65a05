import Glibc

/// Time since some point in the past, for bounds of tenths of a second: cheap, and a few milliseconds late.
package enum CoarseTime {
  /// In nanoseconds; never 0.
  package static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

/// The same to the nanosecond.
package enum ExactTime {
  package static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
