import HTTPCore

/// What the head of a response says of a representation.
struct FileDescription {
  let mount: StaticMount
  let path: RelativePath
  let representation: Representation
  /// Of an application that has the file sent in its place: what it says of the content.
  var contentFields: HeaderBlock?
  /// Request fields by which this was chosen, for `Vary`, beside `Accept-Encoding`.
  var vary: StaticString?
  var mediaType: [UInt8]

  init(
    mount: StaticMount,
    path: RelativePath,
    representation: Representation,
    contentFields: HeaderBlock? = nil,
    vary: StaticString? = nil
  ) {
    self.mount = mount
    self.path = path
    self.representation = representation
    self.contentFields = contentFields
    self.vary = vary
    mediaType = mount.policy.mediaType(of: path)
  }

  func validators(_ now: Int64) -> Validators {
    Validators(
      representation.metadata,
      coding: representation.coding?.token,
      hasTag: mount.policy.sendsEntityTag,
      now: now
    )
  }

  /// What 200, 206 and 304 have in common (RFC 9110 15.4.5).
  func commonFields(_ validators: Validators?, _ now: Int64) -> HeaderBlock {
    var fields = contentFields ?? HeaderBlock(reservingCapacity: 384)
    if let validators {
      if let tag = validators.entityTag { fields.append(name: "ETag", value: tag.fieldValue) }
      fields.append(name: "Last-Modified", value: HTTPDate.string(validators.lastModified))
      mount.policy.appendFields(to: &fields, for: path, now: now)
    }
    mount.policy.appendNosniff(to: &fields)
    if let vary { fields.append(name: "Vary", value: vary) }
    if variesByCoding { fields.append(name: "Vary", value: "Accept-Encoding" as StaticString) }
    return fields
  }

  func head(_ status: HTTPStatus, _ validators: Validators?, _ now: Int64) -> ResponseHead {
    var fields = commonFields(validators, now)
    if !fields.hasContentType { fields.append(name: "Content-Type", value: mediaType) }
    if let coding = representation.coding { fields.append(name: "Content-Encoding", value: coding.token) }
    if validators != nil { fields.append(mount.policy.acceptRanges) }
    return ResponseHead(status: status, fields: fields)
  }

  private var variesByCoding: Bool {
    representation.coding != nil || mount.policy.codings.varies(mediaType, size: representation.size)
  }
}
