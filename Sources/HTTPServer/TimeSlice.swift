import CLinux

/// How soon threads that compete for a core take turns.
package enum TimeSlice {
  /// Asks for short turns of the calling thread, as all of the server's threads do: else one that computes keeps its core
  /// for milliseconds from one that needs it for microseconds, the event loop and whoever waits for the GIL included.
  ///
  /// With 4 clients that compute and 16 that sleep 50 ms on one core, the sleepers' 99th percentile was 64 ms without
  /// and 56 ms with it, and the others computed as much. Linux from 6.12 on; it has no effect elsewhere.
  package static func shorten() {
    martlet_set_time_slice(100_000)
  }
}
