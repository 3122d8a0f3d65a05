import HTTPCore
import NIOCore
import Testing

@testable import HTTPServer

@Suite("Limits by client")
struct RateLimiterTests {
  private let second: UInt64 = 1_000_000_000

  @Test func aBurstMayPassAndThenOneForEachInterval() {
    var limiter = RateLimiter<Int>(RateLimit(interval: second, burst: 3))
    let start = 5 * second
    let burst = (0..<4).map { _ in limiter.admit(1, at: start) }
    #expect(burst == [nil, nil, nil, second])
    let soon = limiter.admit(1, at: start + second / 2)
    #expect(soon == second / 2)
    let later = (0..<2).map { _ in limiter.admit(1, at: start + second) }
    #expect(later == [nil, second])
  }

  @Test func aPauseFillsTheBurstAndNoMore() {
    var limiter = RateLimiter<Int>(RateLimit(interval: second, burst: 2))
    _ = limiter.admit(1, at: second)
    let results = (0..<3).map { _ in limiter.admit(1, at: 1000 * second) }
    #expect(results == [nil, nil, second])
  }

  @Test func clientsAreCountedApart() {
    var limiter = RateLimiter<Int>(RateLimit(interval: second, burst: 1))
    let results = [1, 2, 1].map { limiter.admit($0, at: second) }
    #expect(results == [nil, nil, second])
  }

  @Test func theMemoryIsBoundedAndTheNewestAreRemembered() {
    var limiter = RateLimiter<Int>(RateLimit(interval: second, burst: 1), capacity: 100)
    for client in 0..<10_000 { _ = limiter.admit(client, at: second) }
    #expect(limiter.count <= 100)
    let newest = limiter.admit(9_999, at: second)
    #expect(newest == second)
  }

  @Test func hugeBurstsAndIntervalsDoNotTrap() {
    var limiter = RateLimiter<Int>(RateLimit(interval: 3600 * second, burst: 1_000_000))
    let first = limiter.admit(1, at: second)
    let second = limiter.admit(1, at: self.second)
    #expect(first == nil && second == nil)
  }

  @Test func connectionsAreCountedInAllAndByClient() throws {
    let limits = ConnectionLimits(total: 3, perClient: 2)
    let one = try #require(NetworkAddress("192.0.2.1"))
    let neighbours = try ["2001:db8::1", "2001:db8::2", "2001:db8::3"].map {
      try #require(NetworkAddress($0))
    }
    let places = neighbours.map { limits.add($0) }
    #expect(places.map(\.0) == [.admitted, .admitted, .tooManyOfClient])
    #expect(limits.add(one).0 == .tooMany)
    for (_, place) in places { limits.remove(place) }
    #expect(limits.add(one).0 == .admitted)
    #expect(limits.add(nil).0 == .admitted)
  }

  @Test func whatLingersTakesNobodysPlaceAndIsBoundedItself() throws {
    let limits = ConnectionLimits(total: 2, perClient: 2)
    let client = try #require(NetworkAddress("192.0.2.1"))
    let first = [limits.add(client), limits.add(client)]
    let turnedAway = limits.add(client)
    #expect(turnedAway.0 == .tooManyOfClient)
    #expect(limits.linger(turnedAway.1))
    #expect(limits.linger(first[0].1))
    #expect(limits.linger(first[0].1), "a second time is the same")
    let next = limits.add(client)
    #expect(next.0 == .admitted)
    // Of those there are no more than of the others.
    #expect(!limits.linger(next.1))
    for (_, place) in first + [turnedAway, next] { limits.remove(place) }
    #expect(
      [limits.add(client), limits.add(client), limits.add(nil)].map(\.0) == [.admitted, .admitted, .tooMany]
    )
  }

  @Test func whoKeepsWithinEveryPauseIsTooSlowAllTheSame() {
    let start = NIODeadline.now()
    var rate = MinimumRate()
    #expect(!rate.isTooSlow(at: start + .seconds(60), minimum: 100))
    rate.begin(at: start)
    rate.add(300)
    #expect(!rate.isTooSlow(at: start + .seconds(3), minimum: 1000))
    #expect(rate.isTooSlow(at: start + .seconds(6), minimum: 100))
    #expect(!rate.isTooSlow(at: start + .seconds(6), minimum: 50))
    #expect(!rate.isTooSlow(at: start + .seconds(6), minimum: 0))
    rate.pause()
    #expect(!rate.isTooSlow(at: start + .seconds(60), minimum: 100))
  }

  @Test func whatIsOverIsNotMeasuredAgain() {
    let start = NIODeadline.now()
    var rate = MinimumRate()
    rate.begin(at: start)
    rate.pause()
    // The end of a body may still be on its way to the disk.
    rate.restart(at: start)
    #expect(!rate.isTooSlow(at: start + .seconds(60), minimum: 100))
    rate.begin(at: start)
    rate.restart(at: start + .seconds(30))
    #expect(!rate.isTooSlow(at: start + .seconds(34), minimum: 100))
    #expect(rate.isTooSlow(at: start + .seconds(36), minimum: 100))
  }
}
