public import FaceTypes

extension Snapshot {
  /// Those of some media that fulfil a query's conditions.
  public final func media(
    _ candidates: some Sequence<MediaID>, fulfilling query: MediaQuery
  ) throws(StoreError) -> Set<MediaID> {
    let conditions = query.conditions.conjunction
    var found: Set<MediaID> = []
    for candidate in candidates {
      let isFound =
        try integer(
          "SELECT 1 FROM media WHERE media.id = \(candidate) AND \(conditions)") != nil
      if isFound { found.insert(candidate) }
    }
    return found
  }
}
