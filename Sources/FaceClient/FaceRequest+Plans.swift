public import WireProtocol

extension FaceRequest where Body == CreatePlanResult {
  /// Finds out what clustering a library anew would change (CreateFigureClusteringPlan).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - library: which library.
  ///   - wait: answers at the end of the task, with progress until then, instead of at once.
  /// - Returns: the request.
  public static func planReclustering(
    library: String = LibraryName.standard, wait: Bool = false
  ) -> Self {
    Self(
      "CreateFigureClusteringPlan",
      ["SearchLibName": .string(library), "Wait": .boolean(wait)],
      timeout: wait ? nil : standardTimeout)
  }
}

extension FaceRequest where Body == PlanResult {
  /// A plan with a page of its changes, the largest first (GetFigureClusteringPlan).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - planID: which plan.
  ///   - withFigures: every face that would go elsewhere, not only examples.
  ///   - pageSize: 1…100.
  ///   - nextToken: from the page before.
  /// - Returns: the request.
  public static func plan(
    _ planID: String, withFigures: Bool = false, pageSize: Int = 20, nextToken: String? = nil
  ) -> Self {
    var parameters: [String: JSONValue] = [
      "PlanId": .string(planID), "WithFigures": .boolean(withFigures),
      "MaxResults": .integer(Int64(pageSize)),
    ]
    if let nextToken { parameters["NextToken"] = .string(nextToken) }
    return Self("GetFigureClusteringPlan", parameters)
  }
}

extension FaceRequest where Body == ListPlansResult {
  /// The plans of a library, latest first (ListFigureClusteringPlans).
  ///
  /// Maturity: stable.
  public static func plans(library: String = LibraryName.standard) -> Self {
    Self("ListFigureClusteringPlans", ["SearchLibName": .string(library)])
  }
}

extension FaceRequest where Body == ApplyPlanResult {
  /// Applies a plan in one event, as far as nothing has changed the same since
  /// (ApplyFigureClusteringPlan).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - planID: which plan.
  ///   - changes: only these of its changes; `nil` applies all.
  ///   - isRehearsal: answers what would happen, and changes nothing.
  ///   - force: takes faces out of people who have names, too.
  /// - Returns: the request.
  public static func applyPlan(
    _ planID: String, changes: [Int]? = nil, isRehearsal: Bool = false, force: Bool = false
  ) -> Self {
    var parameters: [String: JSONValue] = [
      "PlanId": .string(planID), "DryRun": .boolean(isRehearsal), "Force": .boolean(force),
    ]
    if let changes { parameters["Changes"] = .array(changes.map { .integer(Int64($0)) }) }
    return Self("ApplyFigureClusteringPlan", parameters)
  }
}

extension FaceRequest where Body == DeletePlanResult {
  /// Deletes a plan; what was applied of it stays (DeleteFigureClusteringPlan).
  ///
  /// Maturity: stable.
  public static func deletePlan(_ planID: String) -> Self {
    Self("DeleteFigureClusteringPlan", ["PlanId": .string(planID)])
  }
}
