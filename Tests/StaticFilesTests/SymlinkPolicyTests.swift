import Glibc
import Testing

@testable import StaticFiles

/// With the kernel's resolution and with the walk by hand.
@Suite(.serialized) struct SymlinkPolicyTests {
  private static let links = ["link-file", "link-dir/b.txt", "link-chain/b.txt", "dir/link-up"]

  private func isFound(_ root: FileRoot, _ path: String) -> Bool {
    if case .file = root.open(RelativePath(Array(path.utf8)[...])) { true } else { false }
  }

  @Test(arguments: [true, false])
  func `without links none is followed, and what is no link is found`(usesKernel: Bool) throws {
    try withTree { root, _ in
      let files = try FileRoot(path: root, symlinks: .never, usesKernel: usesKernel)
      for link in Self.links { #expect(!isFound(files, link), "\(link)") }
      #expect(isFound(files, "a.txt") && isFound(files, "dir/b.txt"))
    }
  }

  @Test(arguments: [true, false])
  func `links of the owner of what they point to are followed`(usesKernel: Bool) throws {
    try withTree { root, _ in
      let files = try FileRoot(path: root, symlinks: .owner, usesKernel: usesKernel)
      for link in Self.links { #expect(isFound(files, link), "\(link)") }
      #expect(isFound(files, "a.txt") && !isFound(files, "escape-relative") && !isFound(files, "loop"))
    }
  }

  @Test(.enabled(if: geteuid() == 0, "only root may give a file away"), arguments: [true, false])
  func `a link of somebody else is not followed`(usesKernel: Bool) throws {
    try withTree { root, _ in
      let files = try FileRoot(path: root, symlinks: .owner, usesKernel: usesKernel)
      for link in ["link-file", "link-dir", "dir/link-up"] { lchown("\(root)/\(link)", 4711, 4711) }
      for link in Self.links { #expect(!isFound(files, link), "\(link)") }
      #expect(isFound(files, "dir/deep/link-up-and-down"))
      // The link's owner has the file as well.
      chown("\(root)/a.txt", 4711, 4711)
      #expect(isFound(files, "link-file") && isFound(files, "dir/link-up"))
    }
  }

  /// Between the look at a file and its opening another can take its name.
  @Test(.enabled(if: geteuid() == 0, "only root may give a file away"), arguments: [true, false])
  func `a link never leads to a file that has just become somebody else's`(usesKernel: Bool) async throws {
    let (root, base) = try makeTree()
    defer { remove(base) }
    let files = try FileRoot(path: root, symlinks: .owner, usesKernel: usesKernel)
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for round in 0..<10_000 {
          let name = "\(root)/a.new"
          close(Glibc.open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644))
          if round.isMultiple(of: 2) { chown(name, 4711, 4711) }
          rename(name, "\(root)/a.txt")
        }
      }
      group.addTask {
        for _ in 0..<10_000 {
          guard case .file(let descriptor, _) = files.open(RelativePath(Array("link-file".utf8)[...])) else {
            continue
          }
          var status = stat()
          fstat(descriptor.number, &status)
          #expect(status.st_uid == 0)
        }
      }
    }
  }

  @Test(arguments: [true, false], [SymlinkPolicy.beneath, .never])
  func `a directory's contents are what could be asked for`(usesKernel: Bool, symlinks: SymlinkPolicy) throws
  {
    try withTree { root, _ in
      try write("\(root)/.hidden", "x")
      try write("\(root)/new\nline", "x")
      let files = try FileRoot(path: root, symlinks: symlinks, usesKernel: usesKernel)
      let contents = try #require(files.contents(of: RelativePath([]), showsHidden: false))
      let names = Set(contents.entries.map { String(decoding: $0.name, as: UTF8.self) })
      let links: Set = [
        "link-file", "link-dir", "link-chain", "link-slash-dir",
      ]
      #expect(names == Set(["a.txt", "empty", "dir"]).union(symlinks == .never ? [] : links))
      #expect(contents.entries.first { $0.name == Array("a.txt".utf8) }?.size == 6)
      #expect(files.contents(of: RelativePath([]), showsHidden: true)?.entries.count == names.count + 1)
      #expect(files.contents(of: RelativePath(Array("a.txt".utf8)[...]), showsHidden: true) == nil)
      #expect(files.contents(of: RelativePath(Array("nothing/".utf8)[...]), showsHidden: true) == nil)
      #expect(files.contents(of: RelativePath(Array("escape-dir".utf8)[...]), showsHidden: true) == nil)
    }
  }
}
