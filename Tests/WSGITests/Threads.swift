import Glibc

/// Threads that all run the same body.
final class Threads: @unchecked Sendable {
  // Written while it is made, and then only by the one who joins.
  private var identifiers: [pthread_t] = []

  init(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    for _ in 0..<count {
      let context = Unmanaged.passRetained(Body(run: body))
      var identifier = pthread_t()
      let status = pthread_create(
        &identifier,
        nil,
        { context in
          if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
          return nil
        },
        context.toOpaque()
      )
      if status == 0 { identifiers.append(identifier) }
    }
  }

  func join() {
    for identifier in identifiers { pthread_join(identifier, nil) }
    identifiers = []
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(run: @escaping @Sendable () -> Void) {
      self.run = run
    }
  }
}
