internal import FaceStore
internal import Imaging
internal import VideoDecoding
internal import WireProtocol

// One place maps the errors of all layers to the wire: inside they stay rich, outside few codes
// stay the same for good.

extension WireError {
  init(mapping error: any Error) {
    switch error {
    case let error as WireError: self = error
    case let error as StoreError: self.init(store: error)
    case let error as FileReadingError: self.init(error)
    case let error as ImageError: self.init(image: error)
    case let error as VideoError: self.init(video: error)
    case is ModelSwitched:
      self.init(
        .modelSwitched, "The model was changed while this was analysed.",
        hint: "Send the request again.")
    case let error as ModelNotInstalled:
      self.init(
        .resourceNotFound, "\(error).".capitalizedFirst,
        hint: "models-directory and previous-models-directory say where models are.")
    case is ServiceStopped:
      self.init(.shuttingDown, "The daemon is stopping.", hint: "Try again when it has started.")
    default: self.init(.internalError, "Something went wrong inside: \(error).")
    }
  }

  private init(store error: StoreError) {
    switch error {
    case .notFound: self.init(.resourceNotFound, "\(error).")
    case .alreadyExists: self.init(.resourceExists, "\(error).")
    case .lockVersionConflict(_, let expected, let actual):
      self.init(
        .lockVersionConflict,
        "Somebody changed the cluster meanwhile: its MetaLockVersion is \(actual), not "
          + "\(expected).",
        field: "FigureCluster.MetaLockVersion",
        hint: "Read the cluster again, and repeat the change if it is still wanted.")
    case .alreadyReversed(let event):
      self.init(
        .alreadyUndone, "This change was undone already, by \(event.asEvent).", field: "EventId",
        hint: "UndoIdentityEvent with \(event.asEvent) makes it anew.")
    case .invalidValue(let field, _): self.init(.invalidParameter, "\(error).", field: field)
    case .invalidCursor:
      self.init(.invalidParameter, "NextToken does not continue this query.", field: "NextToken")
    case .database(let cause) where cause.isDiskFull:
      self.init(
        .storageFull, "There is no space left for the database.",
        hint: "Free some space; nothing that was acknowledged is lost.")
    default: self.init(.internalError, "The store failed: \(error).")
    }
  }

  private init(image error: ImageError) {
    let code: ErrorCode =
      switch error {
      case .tooManyBytes, .tooLarge, .tooManyScans, .needsTooMuchMemory: .imageTooLarge
      default: .imageInvalid
      }
    self.init(code, "\(error).".capitalizedFirst)
  }

  private init(video error: VideoError) {
    let code: ErrorCode
    var hint: String?
    switch error {
    case .programMissing, .programFailed:
      code = .videoReaderMissing
      hint =
        "apt-get install ffmpeg; or name the programs in the section [video] of the configuration."
    case .cancelled: code = .cancelled
    case .tooLarge: code = .imageTooLarge
    case .empty, .unreadable, .noPictures, .tooLong, .undecodable, .stalled: code = .videoInvalid
    }
    self.init(code, "\(error).".capitalizedFirst, hint: hint)
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
