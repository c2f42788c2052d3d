// Needs raised in an area, those that are overdue first, then by deadline.
// title: 需求清单
// subject: 需求
// param scope: area -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// param state: NeedState = null -- only needs in this state
// param category: string = null -- only needs of this wide category, by its name
// param urgency: Urgency = null -- only needs of this urgency
// param overdue: boolean = null -- true: only open needs whose deadline has passed, false: only the others
// returns need_id: Need.id
// returns title: Need.title 需求
// returns category: Category.name 大类
// returns urgency: Need.urgency
// returns state: Need.state
// returns place_id: Community.id 提出区域编号
// returns place: Community.name 提出区域
// returns quantity: Need.quantity
// returns unit: Need.unit
// returns raised_at: Need.raised_at
// returns deadline: Need.deadline
// returns overdue: boolean 已超期
// route: GET /api/needs
MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a)<-[:RAISED_IN]-(n:Need)
WITH n, a, coalesce(n.state, '提出') AS state,
  coalesce(n.deadline, '9999-12-31') < $as_of AND NOT coalesce(n.state, '提出') IN ['销号', '合并', '撤回', '退回'] AS overdue
WHERE ($state IS NULL OR state = $state) AND ($urgency IS NULL OR n.urgency = $urgency) AND ($overdue IS NULL OR overdue = $overdue)
OPTIONAL MATCH (n)-[:IN_CATEGORY]->(k:Category)
OPTIONAL MATCH (k)-[:BROADER]->(w:Category)
WITH n, a, state, overdue, coalesce(w.name, k.name, '未分类') AS category
WHERE $category IS NULL OR category = $category
RETURN n.id AS need_id, n.title AS title, category, n.urgency AS urgency, state, a.id AS place_id, a.name AS place,
  n.quantity AS quantity, n.unit AS unit, n.raised_at AS raised_at, n.deadline AS deadline, overdue
ORDER BY CASE WHEN overdue THEN 0 ELSE 1 END, coalesce(deadline, '9999-12-31'), need_id
