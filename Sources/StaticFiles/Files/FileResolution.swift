import Glibc

/// What is behind a path.
package enum FileResolution: ~Copyable {
  /// A regular file, open for reading.
  case file(OwnedDescriptor, FileMetadata)
  case directory
  /// Nothing, or nothing beneath the root: a client is not told which.
  case notFound
  /// The permissions of the file or of a directory on the way do not let this process read it.
  case forbidden
  /// A FIFO, a socket or a device. None of them is ever waited for.
  case notRegular
  /// Only from ``FileRoot/openFromCache(_:)``: the kernel would have to ask the disk.
  case wouldBlock
  /// The process or the system has no descriptor or no memory left.
  case exhausted
  /// Something else, by its errno: an I/O error, say.
  case failed(CInt)

  /// What an errno of an open call says about the path.
  init(errno code: CInt) {
    switch code {
    // EXDEV is an escape from the root; ELOOP too many symbolic links, or one of procfs's magic ones.
    case ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP, EXDEV: self = .notFound
    case EACCES, EPERM: self = .forbidden
    // A socket, or a device that nothing drives.
    case ENXIO, ENODEV: self = .notRegular
    case EMFILE, ENFILE, ENOMEM: self = .exhausted
    default: self = .failed(code)
    }
  }
}

/// Owns an open descriptor and closes it at its end.
package struct OwnedDescriptor: ~Copyable, Sendable {
  package let number: CInt

  /// Takes the descriptor over.
  init(owning number: CInt) {
    self.number = number
  }

  /// Gives the descriptor to a new owner, who has to close it.
  package consuming func release() -> CInt {
    let number = number
    discard self
    return number
  }

  deinit {
    close(number)
  }
}
