import Testing

@testable import Settings

/// Options that say how another one does its work.
@Suite struct CompanionTests {
  @Test(arguments: [
    (["--rate-limit-by", "X-Key"], "--rate-limit-by says by what --rate-limit counts: give --rate-limit"),
    (
      ["--proxy-allow-from", "10.0.0.1"],
      "--proxy-allow-from says who speaks the PROXY protocol: give --proxy-protocol"
    ),
    (
      ["--compress-types", "text/*"],
      "--compress-types says what is compressed, and nothing is: give --compress, or 'compress' to a --static route"
    ),
    (["--compress-min-size", "1k"], "--compress-min-size says what is compressed, and nothing is"),
    (
      ["--compress-min-size", "1k", "--static", "/s=.,precompressed"],
      "--compress-min-size says what is compressed, and nothing is"
    ),
  ])
  func `alone they are refused, and the other one is named`(arguments: [String], message: String) throws {
    #expect(try refusal(["app"] + arguments).hasPrefix("Error: \(message)"))
  }

  @Test(arguments: [
    ["--rate-limit-by", "X-Key", "--rate-limit", "1/s"],
    ["--proxy-allow-from", "10.0.0.1", "--proxy-protocol"],
    ["--compress-types", "text/*", "--compress-min-size", "1k", "--compress", "gzip"],
    ["--compress-types", "text/*", "--compress-min-size", "1k", "--static", "/s=.,compress"],
  ])
  func `with it they are taken`(arguments: [String]) {
    guard case .run = Settings.parse(["app"] + arguments) else {
      Issue.record("\(arguments) was refused")
      return
    }
  }
}
