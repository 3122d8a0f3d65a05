import CLinux
import Glibc

/// A directory whose files are served. Nothing outside of it is ever opened, whatever a path or a symbolic link says.
///
/// The kernel sees to that (`openat2` with `RESOLVE_BENEATH`); where it cannot, ``FileWalk`` does. Symbolic links that
/// stay beneath the root are followed as far as ``SymlinkPolicy`` lets them be; absolute ones count as leaving it.
///
/// The directory is the one that the path named at the start: a link that is later turned to another directory is not
/// followed again.
package final class FileRoot: Sendable {
  package let path: String
  /// Absolute and without symbolic links, as it was at the start.
  private let realPath: [UInt8]
  private let directory: OwnedDescriptor
  private let usesKernel: Bool
  let symlinks: SymlinkPolicy
  /// How the kernel is to resolve.
  private let rules: UInt64

  /// - Parameter usesKernel: false to walk by hand although the kernel can resolve: for tests.
  package init(
    path: String,
    symlinks: SymlinkPolicy = .beneath,
    usesKernel: Bool = true
  ) throws(FileRootError) {
    let descriptor = Glibc.open(path, martlet_o_path | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileRootError(path: path, code: errno) }
    guard faccessat(descriptor, ".", X_OK, 0) == 0 else {
      let code = errno
      close(descriptor)
      throw FileRootError(path: path, code: code)
    }
    self.path = path
    let real = realpath(path, nil)
    realPath = real.map { Array(String(cString: $0).utf8) } ?? []
    free(real)
    self.directory = OwnedDescriptor(owning: descriptor)
    self.symlinks = symlinks
    rules = symlinks == .beneath ? Self.beneath : Self.beneath | UInt64(MARTLET_RESOLVE_NO_SYMLINKS)
    // Before Linux 5.6 it is ENOSYS; a seccomp filter that does not know the call says EPERM, or ENOSYS too.
    self.usesKernel = usesKernel && Self.canResolve(beneath: descriptor)
  }

  /// Opens what is at a path, or says what is there instead. It may wait for the disk, but for nothing else.
  package func open(_ path: RelativePath) -> FileResolution {
    guard usesKernel else { return walk(path) }
    // EAGAIN means that a rename raced with a ".." of a symbolic link (openat2(2)).
    for _ in 0..<8 {
      let result = resolve(path, rules)
      if result == -EACCES { return unreadable(path) }
      // A link is on the way, and the kernel does not compare owners.
      if result == -ELOOP, symlinks == .owner { return walk(path) }
      if result != -EAGAIN, result != -EINTR { return Self.classify(result) }
    }
    return .failed(EAGAIN)
  }

  private func walk(_ path: RelativePath) -> FileResolution {
    FileWalk.open(path, beneath: directory.number, symlinks)
  }

  /// A directory that may be entered but not read (`chmod 711`) is a directory still: its files can be served.
  private func unreadable(_ path: RelativePath) -> FileResolution {
    let result = resolve(path, rules, flags: martlet_o_path | O_CLOEXEC)
    if case .directory = Self.classify(result) { return .directory }
    return .forbidden
  }

  /// Like ``open(_:)``, but it never waits for the disk: for event loops.
  ///
  /// - Returns: `.wouldBlock` where the kernel has not got every name on the way in memory, or cannot tell.
  package func openFromCache(_ path: RelativePath) -> FileResolution {
    guard usesKernel else { return .wouldBlock }
    switch resolve(path, rules | UInt64(MARTLET_RESOLVE_CACHED)) {
    case -ELOOP where symlinks == .owner: return .wouldBlock
    // EINVAL: before Linux 5.12 there is no such flag.
    // EACCES: a directory perhaps, which a second look would tell.
    case -EAGAIN, -EINTR, -EINVAL, -EACCES: return .wouldBlock
    case let result: return Self.classify(result)
    }
  }

  /// Opens a directory for reading its names: a descriptor, or a negative errno.
  func openDirectory(_ path: RelativePath) -> CInt {
    let flags = Self.flags | O_DIRECTORY
    guard usesKernel else { return FileWalk.openDirectory(path, beneath: directory.number, flags, symlinks) }
    let result = resolve(path, rules, flags: flags)
    guard result == -ELOOP, symlinks == .owner else { return result }
    return FileWalk.openDirectory(path, beneath: directory.number, flags, symlinks)
  }

  /// Where beneath this root a file is that is named by its own path; nil if it is not, or there is a `..` in
  /// the rest of it.
  package func relativePath(ofFile file: [UInt8]) -> RelativePath? {
    let slash = UInt8(ascii: "/")
    // To the kernel, `//` and `/./` are a slash; `..` depends on what is a link, and is refused.
    func segments(_ path: [UInt8]) -> [ArraySlice<UInt8>] {
      path.split(separator: slash).filter { !$0.elementsEqual(".".utf8) }
    }
    guard file.first == slash, !file.contains(0) else { return nil }
    let own = segments(file)
    for root in [Array(path.utf8), realPath] where root.first == slash {
      let given = segments(root)
      let rest = own.dropFirst(given.count)
      guard own.starts(with: given), !rest.isEmpty, !rest.contains(where: { $0.elementsEqual("..".utf8) })
      else {
        continue
      }
      let namesDirectory = file.last == slash || file.suffix(2).elementsEqual("/.".utf8)
      return RelativePath((Array(rest.joined(separator: [slash])) + (namesDirectory ? [slash] : []))[...])
    }
    return nil
  }

  /// Whether what is at a path now has a stamp: one call of the kernel's, which asks the disk only for what it has
  /// forgotten.
  ///
  /// It follows links to outside of the root as well. But what has the stamp of a file that ``open(_:)`` gave is that
  /// file.
  func has(_ stamp: FileStamp, at path: UnsafePointer<CChar>) -> Bool {
    var status = stat()
    return fstatat(directory.number, path, &status, 0) == 0 && stamp.isOf(status)
  }

  /// The stamp of a directory, which changes with each name that comes into it or goes. As of ``has(_:at:)``, it may be
  /// one outside of the root.
  func stamp(ofDirectory path: UnsafePointer<CChar>) -> FileStamp? {
    var status = stat()
    guard fstatat(directory.number, path, &status, 0) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      return nil
    }
    return FileStamp(status)
  }

  /// Whether there is such a name, whatever it stands for; true where that can't be told.
  func hasName(_ path: RelativePath) -> Bool {
    var status = stat()
    return path.withCString { fstatat(directory.number, $0, &status, AT_SYMLINK_NOFOLLOW) } == 0
      || errno != ENOENT
  }

  private static let beneath = UInt64(MARTLET_RESOLVE_BENEATH | MARTLET_RESOLVE_NO_MAGICLINKS)

  /// Reading, without waiting for a FIFO's writer or taking a terminal.
  static let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY

  private func resolve(_ path: RelativePath, _ rules: UInt64, flags: CInt = FileRoot.flags) -> CInt {
    path.withCString { martlet_openat2(directory.number, $0, UInt64(flags), rules) }
  }

  private static func canResolve(beneath directory: CInt) -> Bool {
    let result = martlet_openat2(directory, ".", UInt64(martlet_o_path | O_CLOEXEC), beneath)
    if result >= 0 { close(result) }
    return result != -ENOSYS && result != -EPERM
  }

  /// What an open call's descriptor, or negative errno, means.
  static func classify(_ result: CInt) -> FileResolution {
    guard result >= 0 else { return FileResolution(errno: -result) }
    let descriptor = OwnedDescriptor(owning: result)
    var status = stat()
    guard fstat(descriptor.number, &status) == 0 else { return .failed(errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file(descriptor, FileMetadata(status))
    case S_IFDIR: return .directory
    default: return .notRegular
    }
  }
}

/// Why a directory cannot be served. The description is a whole message.
package struct FileRootError: Error, Equatable, CustomStringConvertible {
  package let path: String
  package let code: CInt
  /// By which option the directory was given.
  package var option = "--static PREFIX=DIR"

  init(path: String, code: CInt) {
    self.path = path
    self.code = code
  }

  package var description: String {
    let reason =
      switch code {
      case ENOENT: "there is no such file or directory"
      case ENOTDIR: "it is neither a directory nor a regular file"
      case EACCES: "this user may not enter it"
      default: strerror(code).map { String(cString: $0) } ?? "error \(code)"
      }
    return "Cannot serve files from '\(path)': \(reason). Check the directory given with \(option)."
  }
}
