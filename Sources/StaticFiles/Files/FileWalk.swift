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
  private let symlinks: SymlinkPolicy
  /// Links under way whose targets have to be their owners': reached when so many names are left.
  private var owners: [(user: uid_t, namesLeft: Int)] = []

  static func open(
    _ path: RelativePath,
    beneath root: CInt,
    _ symlinks: SymlinkPolicy = .beneath
  ) -> FileResolution {
    var walk = FileWalk(path, root, symlinks)
    return walk.run()
  }

  /// A descriptor of a directory, or a negative errno.
  static func openDirectory(
    _ path: RelativePath,
    beneath root: CInt,
    _ flags: CInt,
    _ symlinks: SymlinkPolicy
  ) -> CInt {
    var walk = FileWalk(path, root, symlinks)
    guard case .directory = walk.run() else { return -ENOTDIR }
    return openat(walk.here, Array(".".utf8), flags)
  }

  private init(_ path: RelativePath, _ root: CInt, _ symlinks: SymlinkPolicy) {
    self.root = root
    self.symlinks = symlinks
    self.rest = path.segments.reversed().map(Array.init)
    self.mustBeDirectory = path.endsWithSlash
  }

  private mutating func run() -> FileResolution {
    while let name = rest.popLast() {
      if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) {
        let code = name.count == 1 ? 0 : stepBack()
        if code != 0 { return FileResolution(errno: code) }
        guard isOwnersTarget(ownerOfHere) else { return .notFound }
        continue
      }
      let entry = look(name)
      guard entry >= 0 else { return FileResolution(errno: -entry) }
      let found = OwnedDescriptor(owning: entry)
      var status = stat()
      guard fstat(found.number, &status) == 0 else { return .failed(errno) }

      let isLinked = owners.last?.namesLeft == rest.count
      if status.st_mode & S_IFMT != S_IFLNK, !isOwnersTarget(status.st_uid) { return .notFound }
      switch status.st_mode & S_IFMT {
      case S_IFDIR:
        directory = consume found
        way.append(name)
      case S_IFLNK:
        let code = follow(found, owner: status.st_uid)
        if code != 0 { return FileResolution(errno: code) }
      case S_IFREG where rest.isEmpty && !mustBeDirectory:
        return FileRoot.classify(openFile(name, of: isLinked ? status.st_uid : nil))
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

  /// If it has become a link since it was looked at, this fails; and so it does if it has become somebody else's, where a
  /// link led here that is followed to its owner's files alone.
  private func openFile(_ name: [UInt8], of owner: uid_t?) -> CInt {
    let result = Self.openat(here, name, FileRoot.flags | O_NOFOLLOW)
    guard result >= 0, let owner else { return result }
    let opened = OwnedDescriptor(owning: result)
    var status = stat()
    guard fstat(opened.number, &status) == 0 else { return -errno }
    return status.st_uid == owner ? opened.release() : -ENOENT
  }

  /// Puts the names of a link's target in front of the rest. An absolute target leaves the root.
  private mutating func follow(_ link: borrowing OwnedDescriptor, owner: uid_t) -> CInt {
    linksLeft -= 1
    guard linksLeft >= 0, symlinks != .never else { return ELOOP }
    var target: [CChar] = Array(repeating: 0, count: Int(PATH_MAX))
    let count = readlinkat(link.number, "", &target, target.count)
    guard count >= 0 else { return errno }
    // A target that fills the buffer may have been cut.
    guard count > 0, count < target.count else { return ENAMETOOLONG }
    let bytes = target.prefix(count).map(UInt8.init(bitPattern:))
    guard bytes.first != UInt8(ascii: "/") else { return EXDEV }

    if rest.isEmpty, bytes.last == UInt8(ascii: "/") { mustBeDirectory = true }
    if symlinks == .owner { owners.append((owner, rest.count)) }
    rest.append(contentsOf: bytes.split(separator: UInt8(ascii: "/")).reversed().map(Array.init))
    return 0
  }

  /// Whether what has been reached, if some link pointed to it, belongs to the owner of that link.
  private mutating func isOwnersTarget(_ user: uid_t?) -> Bool {
    while let link = owners.last, link.namesLeft == rest.count {
      guard link.user == user else { return false }
      owners.removeLast()
    }
    return true
  }

  private var ownerOfHere: uid_t? {
    guard !owners.isEmpty else { return nil }
    var status = stat()
    return fstat(here, &status) == 0 ? status.st_uid : nil
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
