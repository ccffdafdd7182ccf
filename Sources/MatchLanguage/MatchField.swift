/// Something that is known of a medium and can be asked for in a Match.
public enum MatchField: Hashable, Sendable {
  case title, description, tags
  case mediaID, inputURL, mediaType, status, namespace, referenceID, userData
  case format, cameraMake, cameraModel
  case created, modified, captured
  case width, height, fileSize, latitude, longitude
  case ocr, speech, caption, labelName, labelCategory, labelID
  case person, personID, faceCount, personCount, faceQuality
  case faceAge, faceGender, faceEmotion, faceMouth
  /// A field of the user's own, by its name.
  case custom(String)

  /// What the values of a field are.
  public enum Kind: Hashable, Sendable {
    /// Free text, which is searched rather than compared: `in` means that a value contains one.
    case prose
    /// A text that is compared.
    case word
    case number
    /// Milliseconds since 1970 in UTC; texts are read as dates.
    case time
    /// A number or a text, as it was stored.
    case any
  }

  /// Every field with a fixed name, in the order in which help lists them.
  public static let named: [MatchField] = [
    .title, .description, .tags, .mediaID, .inputURL, .mediaType, .status, .namespace,
    .referenceID, .userData, .format, .cameraMake, .cameraModel, .created, .modified, .captured,
    .width, .height, .fileSize, .latitude, .longitude, .ocr, .speech, .caption, .labelName,
    .labelCategory, .labelID, .person, .personID, .faceCount, .personCount, .faceQuality,
    .faceAge, .faceGender, .faceEmotion, .faceMouth,
  ]

  /// Begins the name of a field of the user's own.
  static let customPrefix = "customFields."

  /// As it is written in a Match.
  public var name: String {
    switch self {
    case .title: "title"
    case .description: "description"
    case .tags: "tagList"
    case .mediaID: "mediaId"
    case .inputURL: "inputURL"
    case .mediaType: "mediaType"
    case .status: "status"
    case .namespace: "namespace"
    case .referenceID: "referenceId"
    case .userData: "userData"
    case .format: "fileInfo.formatName"
    case .cameraMake: "camera.make"
    case .cameraModel: "camera.model"
    case .created: "utcCreate"
    case .modified: "utcModified"
    case .captured: "utcCapture"
    case .width: "fileInfo.width"
    case .height: "fileInfo.height"
    case .fileSize: "fileInfo.fileSize"
    case .latitude: "latitude"
    case .longitude: "longitude"
    case .ocr: "ocrInfo.tracks.content"
    case .speech: "asrInfo.tracks.content"
    case .caption: "visionDescription"
    case .labelName: "aiLabelInfo.label_name"
    case .labelCategory: "aiLabelInfo.category"
    case .labelID: "aiLabelInfo.label_id"
    case .person: "person"
    case .personID: "person.id"
    case .faceCount: "faces.count"
    case .personCount: "people.count"
    case .faceQuality: "faces.quality"
    case .faceAge: "faces.age"
    case .faceGender: "faces.gender"
    case .faceEmotion: "faces.emotion"
    case .faceMouth: "faces.mouth"
    case .custom(let name) where Self.reserved.contains(name): name
    case .custom(let name) where name.isPlainWord: Self.customPrefix + name
    case .custom(let name): Self.customPrefix + name.quotedForMatch
    }
  }

  public var kind: Kind {
    switch self {
    case .title, .description, .ocr, .speech, .caption: .prose
    case .created, .modified, .captured: .time
    case .width, .height, .fileSize, .latitude, .longitude, .faceCount, .personCount,
      .faceQuality, .faceAge:
      .number
    case .custom("intField1"): .number
    case .custom("strField1"), .custom("strField2"): .word
    case .custom: .any
    case .tags, .mediaID, .inputURL, .mediaType, .status, .namespace, .referenceID, .userData,
      .format, .cameraMake, .cameraModel, .labelName, .labelCategory, .labelID, .person,
      .personID, .faceGender, .faceEmotion, .faceMouth:
      .word
    }
  }

  /// The names of the reference's own custom fields, which go without a prefix.
  private static let reserved: Set<String> = ["intField1", "strField1", "strField2"]

  /// Other spellings, in small letters.
  private static let aliases: [String: MatchField] = [
    "tags": .tags, "tag": .tags, "filename": .inputURL, "uri": .inputURL, "width": .width,
    "height": .height, "filesize": .fileSize, "format": .format, "ocr": .ocr, "asr": .speech,
    "caption": .caption, "label": .labelName, "ailabelinfo.labelname": .labelName,
    "ailabelinfo.labelid": .labelID, "figureclusterid": .personID, "captured": .captured,
  ]

  private static let byName: [String: MatchField] = Dictionary(
    named.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first }
  ).merging(aliases) { canonical, _ in canonical }

  /// The field of that name, whatever its case; custom fields need their prefix, except the
  /// reference's own.
  init?(named name: String) {
    if let field = Self.byName[name.lowercased()] {
      self = field
    } else if Self.reserved.contains(name) {
      self = .custom(name)
    } else if name.hasPrefix(Self.customPrefix), name.count > Self.customPrefix.count {
      self = .custom(String(name.dropFirst(Self.customPrefix.count)))
    } else {
      return nil
    }
  }
}

extension String {
  /// Whether the lexer reads the text as one word.
  var isPlainWord: Bool {
    guard let first = utf8.first, first.isWordStart else { return false }
    return utf8.allSatisfy(\.isWordPart)
  }

  /// In single quotes, which are doubled within.
  var quotedForMatch: String { "'" + replacing("'", with: "''") + "'" }
}

extension UInt8 {
  /// A letter of ASCII or an underscore.
  var isWordStart: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }

  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  var isWordPart: Bool { isWordStart || isDigit || self == UInt8(ascii: ".") }
}
