// swift-tools-version: 6.3

import PackageDescription

let package = Package(
  name: "martlet",
  products: [
    .executable(name: "martlet", targets: ["martlet"]),
    // The hosted shape: loaded into a running Python as the extension module `_martlet`.
    .library(name: "MartletHost", type: .dynamic, targets: ["MartletHost"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
  ],
  targets: [
    .target(name: "CPythonABI"),
    .target(name: "PythonRuntime", dependencies: ["CPythonABI"]),
    .target(name: "HTTPCore"),
    // The compressors are linked in as archives. As shared libraries they would be in the process before the
    // interpreter is, and whatever an extension module brings in a newer version would find these in its place.
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CBrotli", providers: [.apt(["libbrotli-dev"])]),
    .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
    .target(name: "ContentCoding", dependencies: ["HTTPCore", "CZlib", "CBrotli", "CZstd"]),
    // System calls that Swift can't make.
    .target(name: "CLinux"),
    .target(
      name: "HTTPServer",
      dependencies: [
        "HTTPCore", "CLinux",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
      ]
    ),
    .target(name: "StaticFiles", dependencies: ["HTTPServer", "CLinux", "ContentCoding"]),
    .target(
      name: "WSGI",
      dependencies: [
        "PythonRuntime", "HTTPServer", "ContentCoding",
        .product(name: "DequeModule", package: "swift-collections"),
      ]
    ),
    .target(
      name: "Observability",
      dependencies: ["HTTPServer", .product(name: "Logging", package: "swift-log")]
    ),
    .target(
      name: "Settings",
      dependencies: [.product(name: "ArgumentParser", package: "swift-argument-parser")]
    ),
    // What the two products share: a configured server, and the module `_martlet` that runs it.
    .target(
      name: "Composition",
      dependencies: [
        "Settings", "PythonRuntime", "HTTPServer", "ContentCoding", "StaticFiles", "WSGI", "Observability",
        "CLinux",
      ]
    ),
    .executableTarget(name: "martlet", dependencies: ["Composition"]),
    .target(
      name: "MartletHost",
      dependencies: ["Composition"],
      // One file that any CPython can load, wherever it is put: it carries the Swift runtime itself.
      linkerSettings: [
        .unsafeFlags(["-static-stdlib"], .when(configuration: .release)),
        // What comes out of archives is the library's own: neither lent to the process, nor replaced by what is there.
        .unsafeFlags(["-Xlinker", "--exclude-libs=ALL"]),
      ]
    ),
    // What the fuzzers share with each other, and with the tests that do the same on a small scale.
    .target(name: "FuzzSupport", dependencies: ["HTTPCore"], path: "Fuzz/Support"),
    .testTarget(name: "HTTPCoreTests", dependencies: ["HTTPCore", "FuzzSupport"]),
    .testTarget(
      name: "HTTPServerTests",
      dependencies: ["HTTPServer", .product(name: "NIOEmbedded", package: "swift-nio")]
    ),
    .testTarget(name: "ContentCodingTests", dependencies: ["ContentCoding", "CZlib", "CBrotli", "CZstd"]),
    .testTarget(name: "WSGITests", dependencies: ["WSGI", .product(name: "Logging", package: "swift-log")]),
    .testTarget(name: "StaticFilesTests", dependencies: ["StaticFiles"]),
    .testTarget(name: "ObservabilityTests", dependencies: ["Observability"]),
    .testTarget(name: "SettingsTests", dependencies: ["Settings"]),
    .testTarget(name: "PythonRuntimeTests", dependencies: ["PythonRuntime"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)

// The fuzzers want everything compiled in another way, and no `main`: only scripts/fuzz asks for them.
if Context.environment["MARTLET_FUZZ"] != nil {
  func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
      name: "Fuzz\(name)",
      dependencies: ["FuzzSupport", "HTTPCore"] + dependencies,
      path: "Fuzz/\(name)",
      swiftSettings: [.unsafeFlags(["-parse-as-library"])]
    )
  }
  package.targets += [
    fuzzer("Head", []),
    fuzzer("Body", []),
    fuzzer("Fields", []),
    fuzzer("Files", ["StaticFiles"]),
    fuzzer(
      "Connection",
      [
        "HTTPServer",
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
      ]
    ),
  ]
}
