public import FaceTypes

/// A face told apart without any model: by its picture's content, and where it is in it.
public struct PortableFace: Hashable, Sendable {
  /// 32 bytes, of the file.
  public var contentSHA256: [UInt8]
  /// In units of the upright picture's width and height.
  public var box: BoundingBox

  public init(contentSHA256: [UInt8], box: BoundingBox) {
    self.contentSHA256 = contentSHA256
    self.box = box
  }
}

extension MediaDimensions? {
  /// A box in units of the upright picture's size, or as it is if that is unknown.
  public func relative(_ box: BoundingBox) -> BoundingBox {
    guard let self, self.width > 0, self.height > 0 else { return box }
    return box.relative(width: Float(self.width), height: Float(self.height))
  }
}

extension Snapshot {
  /// Whether users had to do with a cluster: it bears their mark, or they said who is not in it.
  private static let isPerson: SQL = """
    merged_into IS NULL AND (\(isCurated)
      OR EXISTS (SELECT 1 FROM statements WHERE statements.cluster = clusters.id))
    """

  /// The next clusters of a library that users had to do with, by id.
  public final func people(
    in library: LibraryID, after cluster: Int64, count: Int
  ) throws(StoreError) -> [ClusterRecord] {
    let ids: [ClusterID] = try rows(
      """
      SELECT id FROM clusters WHERE library = \(library) AND id > \(cluster)
        AND \(Self.isPerson) ORDER BY id LIMIT \(count)
      """
    ) { $0.id() }
    return try clusters(ids)
  }

  /// The next figures of clusters that users had to do with, by id.
  public final func figuresOfPeople(
    in library: LibraryID, after figure: Int64, count: Int
  ) throws(StoreError) -> [FigureRecord] {
    let ids: [FigureID] = try rows(
      """
      SELECT id FROM figures WHERE library = \(library) AND id > \(figure)
        AND cluster IN (SELECT id FROM clusters WHERE library = \(library) AND \(Self.isPerson))
      ORDER BY id LIMIT \(count)
      """
    ) { $0.id() }
    return try figures(ids)
  }

  /// A figure in terms of its picture; `nil` if the content of that is not known.
  public final func portable(_ figure: FigureRecord) throws(StoreError) -> PortableFace? {
    guard let content = try media(figure.media)?.content, let sha256 = content.sha256,
      content.dimensions != nil
    else { return nil }
    return PortableFace(
      contentSHA256: sha256, box: content.dimensions.relative(figure.boundingBox))
  }
}
