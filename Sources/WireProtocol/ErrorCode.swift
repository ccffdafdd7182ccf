/// Why a request failed, in a word that stays the same for good.
///
/// The string is the contract (`error.data.Code`); the number is JSON-RPC's.
public enum ErrorCode: String, Codable, Sendable, CaseIterable {
  // Of the line itself.
  case parseError = "ParseError"
  case invalidRequest = "InvalidRequest"
  case lineTooLong = "LineTooLong"
  case methodNotFound = "MethodNotFound"
  // Of the parameters.
  case invalidParameter = "InvalidParameter"
  case missingParameter = "MissingParameter"
  case unknownParameter = "UnknownParameter"
  // Of the state.
  case resourceNotFound = "ResourceNotFound"
  case resourceExists = "ResourceAlreadyExists"
  case resourceNotEmpty = "ResourceNotEmpty"
  case lockVersionConflict = "MetaLockVersionConflict"
  case tokenExpired = "FaceSearchTokenExpired"
  case tokenConflict = "FaceSearchTokenConflict"
  case clientTokenConflict = "ClientTokenConflict"
  case identityConflict = "IdentityConflict"
  case alreadyUndone = "AlreadyUndone"
  // Of an image.
  case imageUnreadable = "ImageUnreadable"
  case imageInvalid = "InvalidImage"
  case imageTooLarge = "ImageTooLarge"
  case noFace = "NoFaceInImage"
  // Of a video.
  case videoInvalid = "InvalidVideo"
  case videoReaderMissing = "VideoReaderMissing"
  // Of the caller.
  case notPermitted = "NotPermitted"
  // Of the moment.
  case tooManyRequests = "TooManyRequests"
  case tooManyConnections = "TooManyConnections"
  case cancelled = "RequestCancelled"
  case shuttingDown = "ShuttingDown"
  case storageFull = "StorageFull"
  case modelSwitched = "ModelSwitched"
  case internalError = "InternalError"

  /// JSON-RPC 2.0's number: its own for errors of the line, −32000…−32099 for the application's.
  public var number: Int {
    switch self {
    case .parseError: -32700
    case .invalidRequest, .lineTooLong: -32600
    case .methodNotFound: -32601
    case .invalidParameter, .missingParameter, .unknownParameter: -32602
    case .internalError: -32603
    case .resourceNotFound: -32001
    case .resourceExists: -32002
    case .resourceNotEmpty: -32003
    case .lockVersionConflict: -32004
    case .tokenExpired: -32005
    case .tokenConflict: -32006
    case .clientTokenConflict: -32007
    case .identityConflict: -32008
    case .alreadyUndone: -32009
    case .imageUnreadable: -32010
    case .imageInvalid: -32011
    case .imageTooLarge: -32012
    case .noFace: -32013
    case .videoInvalid: -32014
    case .videoReaderMissing: -32015
    case .notPermitted: -32020
    case .tooManyRequests: -32030
    case .tooManyConnections: -32031
    case .cancelled: -32032
    case .shuttingDown: -32033
    case .storageFull: -32034
    case .modelSwitched: -32035
    }
  }

  /// Whether the same request may succeed later.
  public var isRetryable: Bool {
    switch self {
    case .tooManyRequests, .tooManyConnections, .shuttingDown, .storageFull, .modelSwitched: true
    default: false
    }
  }
}
