import CLinux
import Glibc

/// Resolves a path beneath a directory by hand, one name after another, for kernels without `openat2`.
///
/// No call here lets the kernel follow a symbolic link or a `..`: links are read, and their targets become names to
/// walk like all others. So whatever is renamed or replaced meanwhile, each name is looked up in a directory that
/// was reached from the root by names alone.
struct FileWalk: ~Copyable {
  private let root: CInt
  /// Where the walk stands, if not at the root.
  private var directory: OwnedDescriptor?
  /// The names from the root to there, none of them a link.
  private var way: [[UInt8]] = []
  /// The names still to walk, the next one last.
  private var rest: [[UInt8]]
  private var linksLeft = 40
  private var mustBeDirectory: Bool

  static func open(_ path: RelativePath, beneath root: CInt) -> FileResolution {
    var walk = FileWalk(path, root)
    return walk.run()
  }

  private init(_ path: RelativePath, _ root: CInt) {
    self.root = root
    self.rest = path.segments.reversed().map(Array.init)
    self.mustBeDirectory = path.endsWithSlash
  }

  private mutating func run() -> FileResolution {
    while let name = rest.popLast() {
      if name.elementsEqual(".".utf8) { continue }
      if name.elementsEqual("..".utf8) {
        let code = stepBack()
        if code != 0 { return FileResolution(errno: code) }
        continue
      }
      let entry = look(name)
      guard entry >= 0 else { return FileResolution(errno: -entry) }
      let found = OwnedDescriptor(owning: entry)
      var status = stat()
      guard fstat(found.number, &status) == 0 else { return .failed(errno) }

      switch status.st_mode & S_IFMT {
      case S_IFDIR:
        directory = consume found
        way.append(name)
      case S_IFLNK:
        let code = follow(found)
        if code != 0 { return FileResolution(errno: code) }
      case S_IFREG where rest.isEmpty && !mustBeDirectory:
        return FileRoot.classify(openFile(name))
      default:
        return rest.isEmpty && !mustBeDirectory ? .notRegular : .notFound
      }
    }
    return .directory
  }

  private var here: CInt {
    switch directory {
    case .some(let directory): directory.number
    case nil: root
    }
  }

  /// A descriptor that only stands for what the name is, a link included, or a negative errno.
  private func look(_ name: [UInt8]) -> CInt {
    Self.openat(here, name, martlet_o_path | O_NOFOLLOW | O_CLOEXEC)
  }

  /// If it has become a link since it was looked at, this fails.
  private func openFile(_ name: [UInt8]) -> CInt {
    Self.openat(here, name, FileRoot.flags | O_NOFOLLOW)
  }

  /// Puts the names of a link's target in front of the rest. An absolute target leaves the root.
  private mutating func follow(_ link: borrowing OwnedDescriptor) -> CInt {
    linksLeft -= 1
    guard linksLeft >= 0 else { return ELOOP }
    var target: [CChar] = Array(repeating: 0, count: Int(PATH_MAX))
    let count = readlinkat(link.number, "", &target, target.count)
    guard count >= 0 else { return errno }
    // A target that fills the buffer may have been cut.
    guard count > 0, count < target.count else { return ENAMETOOLONG }
    let bytes = target.prefix(count).map(UInt8.init(bitPattern:))
    guard bytes.first != UInt8(ascii: "/") else { return EXDEV }

    if rest.isEmpty, bytes.last == UInt8(ascii: "/") { mustBeDirectory = true }
    rest.append(contentsOf: bytes.split(separator: UInt8(ascii: "/")).reversed().map(Array.init))
    return 0
  }

  /// Goes one directory up by walking down again from the root: the kernel's `..` would leave the root if the
  /// directory has been moved out of it meanwhile.
  private mutating func stepBack() -> CInt {
    guard way.popLast() != nil else { return EXDEV }
    directory = nil
    for name in way {
      let next = Self.openat(here, name, martlet_o_path | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard next >= 0 else { return -next }
      directory = OwnedDescriptor(owning: next)
    }
    return 0
  }

  private static func openat(_ directory: CInt, _ name: [UInt8], _ flags: CInt) -> CInt {
    let terminated = name.map(CChar.init(bitPattern:)) + [0]
    while true {
      let result = Glibc.openat(directory, terminated, flags)
      if result >= 0 { return result }
      let code = errno
      if code != EINTR { return -code }
    }
  }
}
