internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// The parameters by which lists and searches are narrowed down to some media.
let mediaFilterParameters = ["MediaType", "Namespace", "CustomFilters", "UtcCreate"]

extension Parameters {
  /// What ``mediaFilterParameters`` say.
  func mediaQuery(in library: LibraryID) throws(WireError) -> MediaQuery {
    MediaQuery(
      library: library, mediaType: try choice("MediaType", MediaType.self),
      namespace: try string("Namespace", limit: 256), created: try creationRange(),
      customFields: try customFilters())
  }

  /// `{"gte": milliseconds, "lte": milliseconds}`, or the same as a string.
  private func creationRange() throws(WireError) -> TimestampRange {
    guard let range = try objectOrText("UtcCreate") else { return TimestampRange() }
    try range.allowOnly(["gte", "lte"])
    let bounds = -JSONParser.integerLimit...JSONParser.integerLimit
    return TimestampRange(
      earliest: try range.integer("gte", in: bounds).map { Timestamp(milliseconds: $0) },
      latest: try range.integer("lte", in: bounds).map { Timestamp(milliseconds: $0) })
  }

  /// One condition a field: a value, a list of which any may be, or a range.
  private func customFilters() throws(WireError) -> [CustomFieldCondition] {
    guard let filters = try objectOrText("CustomFilters") else { return [] }
    guard filters.all.count <= 16 else {
      throw invalid("CustomFilters", "an object of at most 16 fields")
    }
    var conditions: [CustomFieldCondition] = []
    for name in filters.all.keys.sorted() {
      conditions.append(
        CustomFieldCondition(field: name, match: try filters.customMatch(name)))
    }
    return conditions
  }

  private func customMatch(_ name: String) throws(WireError) -> CustomFieldCondition.Match {
    switch value(name) {
    case .array(let elements)?:
      let values = elements.compactMap(CustomValue.init)
      guard values.count == elements.count, (1...100).contains(values.count) else {
        throw invalid(name, "a list of 1 to 100 integers or strings")
      }
      return .anyOf(values)
    case .object?:
      guard let range = try object(name) else { throw invalid(name, "an object") }
      try range.allowOnly(["gte", "lte"])
      let ends = [range.value("gte"), range.value("lte")].map { $0.flatMap(CustomValue.init) }
      guard ends[0] != nil || ends[1] != nil else {
        throw invalid(name, "a range with gte, lte or both")
      }
      return .range(from: ends[0], through: ends[1])
    case let scalar?:
      guard let value = CustomValue(scalar) else {
        throw invalid(name, "an integer, a string, a list of them, or a range")
      }
      return .equal(value)
    case nil:
      throw missing(name, "a value")
    }
  }

  /// The fields that a user attaches to a medium, in any of the spellings of the reference pages.
  ///
  /// - Parameter old: what to keep where the request says nothing.
  /// - Returns: the fields as they are to be.
  /// - Throws: a refusal that names the field.
  func mediaDetails(changing old: MediaDetails = MediaDetails()) throws(WireError) -> MediaDetails {
    var details = old
    let body = try objectOrText("MsgBody")
    try body?.allowOnly(["title", "customFields"])
    let bodyTitle = try body?.string("title", limit: 1024)
    if let title = try string("Title", limit: 1024) ?? bodyTitle {
      details.title = title.isEmpty ? nil : title
    }
    if let description = try string("Description", limit: 8192) {
      details.description = description.isEmpty ? nil : description
    }
    if let tags = try words("MediaTags", limit: 64, length: 128) { details.tags = tags }
    if let namespace = try string("Namespace", limit: 256) {
      details.namespace = namespace.isEmpty ? nil : namespace
    }
    if let userData = try string("UserData", limit: 2048) {
      details.userData = userData.isEmpty ? nil : userData
    }
    if let reference = try string("ReferenceId", limit: 64) {
      guard reference.isEmpty || reference.isReferenceID else {
        throw invalid("ReferenceId", "6 to 64 letters, digits, hyphens and underscores")
      }
      details.referenceID = reference.isEmpty ? nil : reference
    }
    if let fields = try objectOrText("CustomFields") {
      details.customFields = try fields.customFields()
    } else if let fields = try body?.objectOrText("customFields") {
      details.customFields = try fields.customFields()
    }
    details.texts = try attachedTexts(changing: details.texts)
    return details
  }

  private func customFields() throws(WireError) -> [String: CustomValue] {
    guard all.count <= 64 else {
      throw WireError(
        .invalidParameter, "A medium has at most 64 custom fields, not \(all.count).",
        field: "CustomFields")
    }
    var fields: [String: CustomValue] = [:]
    for name in all.keys.sorted() {
      guard let value = value(name).flatMap(CustomValue.init), name.utf8.count <= 64 else {
        throw invalid(name, "an integer or a string of at most 1024 bytes, under a short name")
      }
      if name == "intField1", case .text = value { throw invalid(name, "an integer") }
      if name == "strField1" || name == "strField2", case .integer = value {
        throw invalid(name, "a string")
      }
      fields[name] = value
    }
    return fields
  }
}

/// The parameters that ``Parameters/mediaDetails(changing:)`` reads.
let mediaDetailParameters = [
  "Title", "Description", "MediaTags", "Namespace", "UserData", "ReferenceId", "CustomFields",
  "MsgBody", "AiData", "VisionDescription",
]

extension CustomValue {
  fileprivate init?(_ value: JSONValue) {
    switch value {
    case .integer(let number): self = .integer(number)
    case .string(let text) where text.utf8.count <= 1024 && !text.utf8.contains(0):
      self = .text(text)
    default: return nil
    }
  }
}

extension String {
  /// 6 to 64 letters, digits, hyphens and underscores, as the reference demands.
  fileprivate var isReferenceID: Bool {
    (6...64).contains(utf8.count)
      && utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}
