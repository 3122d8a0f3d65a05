import HTTPServer
import Logging
import Synchronization
import Testing

@testable import WSGI

@Suite("Work queue")
struct WorkQueueTests {
  private func work() -> Work { .close(ResponseIterable()) }

  @Test func theFirstWorkStartsOneThread() {
    let started = Mutex(0)
    let queue = WorkQueue(WorkLimits(threads: 4), logger: Logger(label: "test")) {
      started.withLock { $0 += 1 }
    }
    queue.push(work())
    queue.push(work())
    // The one that was asked for has not come yet: it is the candidate for all of it.
    #expect(started.withLock { $0 } == 1)
  }

  @Test func anotherThreadIsStartedOnlyWhenTheCandidateHasTakenWorkAndThereIsMore() {
    let started = Mutex(0)
    let queue = WorkQueue(WorkLimits(threads: 4), logger: Logger(label: "test")) {
      started.withLock { $0 += 1 }
    }
    queue.push(work())
    queue.push(work())
    #expect(queue.next(asCandidate: true) != nil)
    #expect(started.withLock { $0 } == 2)
    #expect(queue.next(asCandidate: false) != nil)
    #expect(queue.next(asCandidate: false) == nil)
    #expect(started.withLock { $0 } == 2)
  }

  @Test func thereAreNeverMoreThreadsThanTheLimit() {
    let started = Mutex(0)
    let queue = WorkQueue(WorkLimits(threads: 2), logger: Logger(label: "test")) {
      started.withLock { $0 += 1 }
    }
    for _ in 0..<10 { queue.push(work()) }
    for _ in 0..<5 { _ = queue.next(asCandidate: true) }
    #expect(started.withLock { $0 } == 2)
  }

  @Test func aThreadThatHadToWaitForTheGILBringsAllTheOthers() {
    let started = Mutex(0)
    let queue = WorkQueue(WorkLimits(threads: 8), logger: Logger(label: "test")) {
      started.withLock { $0 += 1 }
    }
    for _ in 0..<6 { queue.push(work()) }
    #expect(started.withLock { $0 } == 1)
    #expect(queue.next(asCandidate: true, hasWaited: true) != nil)
    // One for each piece of work that is left.
    #expect(started.withLock { $0 } == 6)
    #expect(queue.next(asCandidate: true) != nil)
    #expect(started.withLock { $0 } == 6)
  }

  @Test func aThreadThatCouldNotBeStartedIsAskedForAgain() {
    let started = Mutex(0)
    let queue = WorkQueue(WorkLimits(threads: 1), logger: Logger(label: "test")) {
      started.withLock { $0 += 1 }
    }
    queue.push(work())
    #expect(queue.threadFailed().count == 1)
    queue.push(work())
    #expect(started.withLock { $0 } == 2)
  }

  @Test func threadsAreStartedAsNeededAndDoEverything() {
    let pool = Pool(limit: 3)
    for _ in 0..<10_000 { pool.queue.push(work()) }
    #expect(pool.done.wait(milliseconds: 20_000) { $0 == 10_000 ? () : nil } != nil)
    let started = pool.stop()
    #expect((1...3).contains(started))
  }

  /// Threads as Python would start them, with nothing to do but to count.
  private final class Pool: Sendable {
    let done = Monitor(0)
    private let threads = Mutex<[Threads]>([])
    private let queueHolder = Mutex<WorkQueue?>(nil)

    var queue: WorkQueue {
      queueHolder.withLock { holder in
        if let queue = holder { return queue }
        let queue = WorkQueue(WorkLimits(threads: limit), logger: Logger(label: "test")) { [unowned self] in
          startThread()
        }
        holder = queue
        return queue
      }
    }
    private let limit: Int

    init(limit: Int) {
      self.limit = limit
    }

    private func startThread() {
      let thread = Threads(1) { [queue, done] in
        repeat {
          var isCandidate = true
          while queue.next(asCandidate: isCandidate) != nil {
            isCandidate = false
            done.withLock { $0 += 1 }
            done.broadcast()
          }
        } while queue.park()
      }
      threads.withLock { $0.append(thread) }
    }

    /// Ends all threads, and says how many there were.
    func stop() -> Int {
      queue.close()
      let threads = threads.withLock { $0 }
      for thread in threads { thread.join() }
      return threads.count
    }
  }

  @Test func whatWasPushedBeforeClosingIsStillDone() {
    let queue = WorkQueue(WorkLimits(threads: 1), logger: Logger(label: "test")) {}
    queue.push(work())
    #expect(queue.next(asCandidate: true) != nil)
    queue.push(work())
    queue.close()
    _ = queue.next(asCandidate: true)
    #expect(!queue.park())
  }

  @Test func aThreadThatComesToSleepWhileWorkWaitsIsSentBackToIt() {
    let queue = WorkQueue(WorkLimits(threads: 2), logger: Logger(label: "test")) {}
    // The first thread is at work, the second could not be started, and the work is still there.
    queue.push(work())
    #expect(queue.next(asCandidate: true) != nil)
    queue.push(work())
    #expect(queue.threadFailed().isEmpty)
    queue.close()
    #expect(queue.park())
    #expect(queue.next(asCandidate: true) != nil)
    #expect(!queue.park())
  }

  @Test func closingSendsSleepingThreadsHome() {
    let queue = WorkQueue(WorkLimits(threads: 2), logger: Logger(label: "test")) {}
    let threads = Threads(2) { while queue.park() {} }
    queue.close()
    threads.join()
  }

  @Test func aLoopWaitsOnlyWhileThereIsMuchToDo() {
    let queue = WorkQueue(WorkLimits(threads: 1), logger: Logger(label: "test")) {}
    // With so little nobody waits: it would be for an hour.
    for _ in 0..<7 { queue.push(work()) }
    queue.waitWhileBusy(microseconds: 3_600_000_000)

    for _ in 0..<5 { queue.push(work()) }
    // Nobody has taken anything: nobody gains by it.
    queue.waitWhileBusy(microseconds: 3_600_000_000)

    #expect(queue.next(asCandidate: true) != nil)
    let began = ContinuousClock.now
    queue.waitWhileBusy(microseconds: 2_000)
    #expect(ContinuousClock.now - began >= .milliseconds(2))

    #expect(queue.next(asCandidate: false) != nil)
    let threads = Threads(1) { while queue.next(asCandidate: false) != nil {} }
    // Another hour, unless it is told that most has been taken.
    queue.waitWhileBusy(microseconds: 3_600_000_000)
    threads.join()
  }
}
