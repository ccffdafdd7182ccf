/// The notification `hello`, the first line of every connection.
public struct Hello: Codable, Equatable, Sendable {
  public static let method = "hello"

  /// The version of the protocol, apart from the product's: `major.minor`.
  public let protocolVersion: String
  public let product: String
  public let version: String
  /// The model whose embeddings this daemon stores; 64 hexadecimal digits.
  public let modelFingerprint: String
  public let limits: Limits
  public let peer: Peer

  /// What a client must not exceed.
  public struct Limits: Codable, Equatable, Sendable {
    /// Bytes of one line, the newline not counted.
    public let line: Int
    /// Requests of one connection that may be unanswered at a time.
    public let inFlight: Int
    /// Bytes of one image file.
    public let imageBytes: Int
    /// Pixels of one image.
    public let imagePixels: Int
    /// Descriptors that one connection may have sent and not used.
    public let descriptors: Int

    public init(line: Int, inFlight: Int, imageBytes: Int, imagePixels: Int, descriptors: Int) {
      self.line = line
      self.inFlight = inFlight
      self.imageBytes = imageBytes
      self.imagePixels = imagePixels
      self.descriptors = descriptors
    }

    enum CodingKeys: String, CodingKey {
      case line = "Line"
      case inFlight = "InFlight"
      case imageBytes = "ImageBytes"
      case imagePixels = "ImagePixels"
      case descriptors = "Descriptors"
    }
  }

  /// Whom the daemon takes this client for.
  public struct Peer: Codable, Equatable, Sendable {
    public let userID: UInt32
    public let role: Role

    public init(userID: UInt32, role: Role) {
      self.userID = userID
      self.role = role
    }

    enum CodingKeys: String, CodingKey {
      case userID = "UserId"
      case role = "Role"
    }
  }

  public init(
    protocolVersion: String, product: String, version: String, modelFingerprint: String,
    limits: Limits, peer: Peer
  ) {
    self.protocolVersion = protocolVersion
    self.product = product
    self.version = version
    self.modelFingerprint = modelFingerprint
    self.limits = limits
    self.peer = peer
  }

  enum CodingKeys: String, CodingKey {
    case protocolVersion = "Protocol"
    case product = "Product"
    case version = "Version"
    case modelFingerprint = "ModelFingerprint"
    case limits = "Limits"
    case peer = "Peer"
  }
}

/// What a client may do; each role may do what those before it may.
public enum Role: String, Codable, Sendable, CaseIterable, Comparable {
  /// Nothing but ask for the greeting.
  case none
  /// Search and look.
  case reader
  /// Also change: import, remove, name, re-cluster.
  case curator
  /// Also create and drop libraries, and see and cancel everybody's tasks.
  case admin

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }
}
