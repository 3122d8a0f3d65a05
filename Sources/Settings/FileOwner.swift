/// Who is to own a file: `USER`, `USER:GROUP` or `:GROUP`, as chown has it. Whether they exist is not known here.
package struct FileOwner: OptionValue, Equatable {
  package let user: String?
  package let group: String?

  package init(parsing text: String) throws(InvalidValue) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    user = parts.first.flatMap { $0.isEmpty ? nil : $0 }
    group = parts.count == 2 ? parts[1] : nil
    guard parts.count <= 2, user != nil || group != nil, group?.isEmpty != true else {
      throw InvalidValue("it must be USER, USER:GROUP or :GROUP")
    }
  }

  package var description: String { (user ?? "") + (group.map { ":" + $0 } ?? "") }
}
