internal import ContentHash
internal import FaceTypes
internal import WireProtocol

/// The bytes of an image that a request names, and what is known of them.
struct LoadedImage: Sendable {
  let bytes: [UInt8]
  let modified: Timestamp?

  /// The digest of all bytes, computed at each call: 32 bytes.
  func sha256() -> [UInt8] { SHA256Digest(of: bytes).bytes }

  /// What tells this content from others, its digest among it.
  func facts() -> ContentFacts {
    ContentFacts(byteCount: bytes.count, sha256: sha256(), modified: modified)
  }
}

extension OpenFile {
  /// Reads the whole file, as far as it has no more than `limit` bytes.
  func load(limit: Int) throws(FileReadingError) -> LoadedImage {
    LoadedImage(bytes: try read(limit: limit), modified: facts.modified)
  }
}

/// Gets at the images that requests name, within the limits and the folders that are allowed.
struct ImageSource: Sendable {
  let byteLimit: Int
  /// Folders below which paths may lie; empty allows every path that the daemon may read.
  let roots: [String]
  let followsLinks: Bool

  /// - Throws: ``WireError``.
  func load(_ image: ImageReference, _ context: RequestContext) throws(WireError) -> LoadedImage {
    if case .bytes(let bytes) = image { return try load(bytes) }
    let file = try open(image, context)
    return try load(file)
  }

  /// The bytes of an image that came within a request.
  func load(_ bytes: [UInt8]) throws(WireError) -> LoadedImage {
    guard bytes.count <= byteLimit else {
      throw WireError(FileReadingError.tooLarge(bytes: bytes.count, limit: byteLimit))
    }
    return LoadedImage(bytes: bytes, modified: nil)
  }

  /// The bytes of an open image.
  func load(_ file: borrowing OpenFile) throws(WireError) -> LoadedImage {
    do throws(FileReadingError) {
      return try file.load(limit: byteLimit)
    } catch {
      throw WireError(error)
    }
  }

  /// Opens a file that a request names by its path or passes as a descriptor.
  ///
  /// - Precondition: `image` is not the bytes themselves.
  func open(_ image: ImageReference, _ context: RequestContext) throws(WireError) -> OpenFile {
    switch image {
    case .path(let path): return try open(path)
    case .descriptor(let index):
      guard let descriptor = context.takeDescriptor(index) else {
        throw WireError(
          .imageUnreadable, "No descriptor \(index) came with the request.",
          hint: "Send descriptors with the line that names them, in one sendmsg.")
      }
      do throws(FileReadingError) {
        return try OpenFile(descriptor: descriptor, path: "fd:\(index)")
      } catch {
        throw WireError(error)
      }
    case .bytes: preconditionFailure("bytes are no file")
    }
  }

  /// Opens the file at an absolute path, if it lies where the configuration allows.
  ///
  /// What is checked is where the opened file really lies, so that no link leads out of the
  /// allowed folders, whoever changes it when.
  func open(_ path: String) throws(WireError) -> OpenFile {
    guard path.hasPrefix("/"), !path.utf8.contains(0) else {
      throw WireError(.imageUnreadable, "\(path) is not an absolute path.")
    }
    let file = try opened(path)
    guard roots.isEmpty || file.resolvedPath.map(isAllowed) == true else {
      throw Self.outside(path)
    }
    return file
  }

  private func opened(_ path: String) throws(WireError) -> OpenFile {
    do throws(FileReadingError) {
      return try OpenFile(path: path, followLink: followsLinks)
    } catch {
      throw WireError(error)
    }
  }

  /// Refuses a path that lies plainly outside the allowed folders, before anything is queued.
  func checkAllowed(_ path: String) throws(WireError) {
    guard roots.isEmpty || isAllowed(path) else { throw Self.outside(path) }
  }

  private static func outside(_ path: String) -> WireError {
    WireError(
      .notPermitted, "\(path) lies outside the folders that the daemon may read.",
      hint: "They are set by roots in the section [import] of the configuration; "
        + "or pass the file as a descriptor.")
  }

  private func isAllowed(_ path: String) -> Bool {
    roots.contains { root in path == root || path.hasPrefix(root.hasSuffix("/") ? root : root + "/")
    }
  }
}

extension WireError {
  /// What a client is told whose file could not be read.
  init(_ error: FileReadingError) {
    switch error {
    case .tooLarge: self.init(.imageTooLarge, "The image has \(error).")
    case .notRegular, .changing: self.init(.imageUnreadable, "\(error).")
    case .system(let number, _):
      self.init(
        .imageUnreadable, "\(error).",
        hint: FileReadingError.isPermission(number)
          ? "The daemon may not read it; pass it as a descriptor, as figurectl does." : nil)
    }
  }
}
