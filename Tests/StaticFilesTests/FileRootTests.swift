import Glibc
import Testing

@testable import StaticFiles

/// Each test runs with the kernel's resolution and with the walk by hand: they must agree.
@Suite(.serialized) struct FileRootTests {
  /// What a resolution was, in a form that can be compared.
  enum Found: Equatable, Sendable {
    case file(String)
    case directory, notFound, forbidden, notRegular, wouldBlock, exhausted
    case failed(CInt)
  }

  private static let cases: [(String, Found)] = [
    ("a.txt", .file("inside")),
    ("dir/b.txt", .file("deeper")),
    ("empty", .file("")),
    ("", .directory),
    ("dir", .directory),
    ("dir/", .directory),
    ("nothing", .notFound),
    ("dir/nothing", .notFound),
    ("nothing/b.txt", .notFound),
    ("a.txt/", .notFound),
    ("a.txt/b", .notFound),
    ("A.TXT", .notFound),
    (String(repeating: "x", count: 300), .notFound),
    (String(repeating: "x/", count: 3000), .notFound),
    // Symbolic links that stay beneath the root.
    ("link-file", .file("inside")),
    ("link-dir", .directory),
    ("link-dir/b.txt", .file("deeper")),
    ("link-chain/b.txt", .file("deeper")),
    ("dir/link-up", .file("inside")),
    ("dir/deep/link-up-and-down", .file("deeper")),
    ("link-file/", .notFound),
    ("link-slash-file", .notFound),
    ("link-slash-dir", .directory),
    // And those that do not.
    ("escape-relative", .notFound),
    ("escape-absolute", .notFound),
    ("escape-dir/secret.txt", .notFound),
    ("escape-and-return", .notFound),
    ("dir/escape-deep", .notFound),
    ("absolute-to-inside", .notFound),
    ("dangling", .notFound),
    ("loop", .notFound),
    ("loop/a", .notFound),
    ("magic/root", .notFound),
    ("a.txt.gz", .notFound),
    // Nothing that is read can make the server wait.
    ("fifo", .notRegular),
    ("socket", .notRegular),
    ("link-fifo", .notRegular),
    ("fifo/", .notFound),
  ]

  @Test(arguments: [true, false])
  func `what is beneath the root is opened, and nothing else`(usesKernel: Bool) throws {
    try withTree { root, _ in
      let files = try FileRoot(path: root, usesKernel: usesKernel)
      for (path, expected) in Self.cases {
        #expect(found(files.open(relative(path))) == expected, "\(path.prefix(80))")
      }
    }
  }

  @Test(arguments: [true, false])
  func `a path with dot segments cannot leave the root even if it were not normalised`(usesKernel: Bool)
    throws
  {
    try withTree { root, _ in
      let files = try FileRoot(path: root, usesKernel: usesKernel)
      for path in ["..", "../secret.txt", "dir/../../secret.txt", "dir/../../root/a.txt"] {
        #expect(found(files.open(relative(path))) == .notFound, "\(path)")
      }
      #expect(found(files.open(relative("dir/../a.txt"))) == .file("inside"))
    }
  }

  @Test func `from the cache only, an answer is the same or that it would block`() throws {
    try withTree { root, _ in
      let files = try FileRoot(path: root)
      for (path, expected) in Self.cases {
        _ = found(files.open(relative(path)))
        let cached = found(files.openFromCache(relative(path)))
        #expect(cached == expected || cached == .wouldBlock, "\(path.prefix(80))")
      }
      #expect(found(files.openFromCache(relative("a.txt"))) == .file("inside"))
      let walking = try FileRoot(path: root, usesKernel: false)
      #expect(found(walking.openFromCache(relative("a.txt"))) == .wouldBlock)
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"), arguments: [true, false])
  func `what may not be read is forbidden`(usesKernel: Bool) throws {
    try withTree { root, _ in
      chmod("\(root)/a.txt", 0)
      chmod("\(root)/dir", 0o311)
      let files = try FileRoot(path: root, usesKernel: usesKernel)
      #expect(found(files.open(relative("a.txt"))) == .forbidden)
      #expect(found(files.open(relative("dir"))) == .directory)
      #expect(found(files.open(relative("dir/b.txt"))) == .file("deeper"))
      chmod("\(root)/dir", 0)
      #expect(found(files.open(relative("dir/b.txt"))) == .forbidden)
      chmod("\(root)/dir", 0o755)
    }
  }

  @Test(arguments: [
    (ENOENT, Found.notFound), (ENOTDIR, .notFound), (ENAMETOOLONG, .notFound), (ELOOP, .notFound),
    (EXDEV, .notFound),
    (EACCES, .forbidden), (EPERM, .forbidden), (ENXIO, .notRegular), (ENODEV, .notRegular),
    (EMFILE, .exhausted), (ENFILE, .exhausted), (ENOMEM, .exhausted), (EIO, .failed(EIO)),
  ])
  func `an errno is told as what it means for the client`(code: CInt, expected: Found) {
    #expect(found(FileResolution(errno: code)) == expected)
  }

  @Test func `metadata is that of the file, and shows each change`() throws {
    try withTree { root, _ in
      let files = try FileRoot(path: root)
      let path = relative("a.txt")
      guard case .file(let descriptor, let metadata) = files.open(path) else {
        Issue.record("a.txt was not opened")
        return
      }
      var status = stat()
      fstat(descriptor.number, &status)
      #expect(metadata.size == 6 && metadata.inode == status.st_ino && metadata.device == status.st_dev)
      #expect(
        metadata.modified == status.st_mtim.tv_sec && metadata.modifiedNanoseconds == status.st_mtim.tv_nsec
      )
      let stamp = try #require(FileStamp(ofFile: descriptor.number))
      #expect(stamp.metadata == metadata)
      #expect("a.txt".withCString { files.has(stamp, at: $0) })
      #expect("link-file".withCString { files.has(stamp, at: $0) })

      // Replaced by a file of the same size and time, as deployments do it.
      try write("\(root)/new", "INSIDE")
      var times = [status.st_atim, status.st_mtim]
      utimensat(AT_FDCWD, "\(root)/new", &times, 0)
      rename("\(root)/new", "\(root)/a.txt")
      guard case .file(_, let replaced) = files.open(path) else {
        Issue.record("a.txt was not opened")
        return
      }
      #expect(replaced != metadata)
      #expect(EntityTag(replaced) != EntityTag(metadata))
      for path in ["a.txt", "link-file", "nothing", "dir", "fifo"] {
        #expect(!path.withCString { files.has(stamp, at: $0) }, "\(path)")
      }
    }
  }

  @Test(arguments: [true, false])
  func `a link that is turned to and fro never leads outside`(usesKernel: Bool) async throws {
    let (root, base) = try makeTree()
    defer { remove(base) }
    let files = try FileRoot(path: root, usesKernel: usesKernel)
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for round in 0..<4000 {
          symlink(round.isMultiple(of: 2) ? "../outside" : "dir", "\(root)/turning.new")
          rename("\(root)/turning.new", "\(root)/turning")
        }
      }
      group.addTask {
        for _ in 0..<4000 {
          let inside = found(files.open(relative("turning/b.txt")))
          #expect(inside == .file("deeper") || inside == .notFound || inside == .failed(EAGAIN))
          let outside = found(files.open(relative("turning/secret.txt")))
          #expect(outside == .notFound || outside == .failed(EAGAIN))
        }
      }
    }
  }

  @Test(arguments: [true, false])
  func `descriptors are closed, or given away once`(usesKernel: Bool) throws {
    try withTree { root, _ in
      let files = try FileRoot(path: root, usesKernel: usesKernel)
      let before = openDescriptors()
      for _ in 0..<200 {
        for (path, _) in Self.cases { _ = files.open(relative(path)) }
      }
      #expect(openDescriptors() - before < 20)

      guard case .file(let descriptor, _) = files.open(relative("a.txt")) else {
        Issue.record("a.txt was not opened")
        return
      }
      let number = descriptor.release()
      #expect(fcntl(number, F_GETFD) == FD_CLOEXEC)
      #expect(close(number) == 0)
    }
  }

  @Test(arguments: [
    ("/nowhere/static", "there is no such file or directory"),
    ("/dev/null", "it is neither a directory nor a regular file"),
  ])
  func `a directory that cannot be served is named with the reason and the remedy`(
    path: String,
    reason: String
  ) {
    let error = #expect(throws: FileRootError.self) { _ = try FileRoot(path: path) }
    #expect(
      error?.description
        == "Cannot serve files from '\(path)': \(reason). Check the directory given with --static PREFIX=DIR."
    )
  }
}

// MARK: Helpers

private func relative(_ path: String) -> RelativePath {
  RelativePath(Array(path.utf8)[...])
}

private func found(_ resolution: consuming FileResolution) -> FileRootTests.Found {
  switch consume resolution {
  case .file(let descriptor, _):
    var buffer: [UInt8] = Array(repeating: 0, count: 64)
    let count = buffer.withUnsafeMutableBytes { read(descriptor.number, $0.baseAddress, $0.count) }
    return .file(String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self))
  case .directory: return .directory
  case .notFound: return .notFound
  case .forbidden: return .forbidden
  case .notRegular: return .notRegular
  case .wouldBlock: return .wouldBlock
  case .exhausted: return .exhausted
  case .failed(let code): return .failed(code)
  }
}
