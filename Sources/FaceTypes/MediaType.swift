/// What kind of medium a file is.
public enum MediaType: String, Hashable, Sendable, CaseIterable {
  case image
  case video
}
