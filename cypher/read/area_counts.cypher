// How many areas of each kind a scope holds, itself included.
// title: 各级区域数量
// subject: 区域与概况
// param scope: area -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns label: string 区域类型 -- label of the kind
// returns kind: string 类别 -- kind of street or community; empty for the others
// returns areas: integer 数量（个）
// route: GET /api/coverage/areas
MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a)
WHERE coalesce(a.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(a.valid_to, '9999-12-31')
WITH labels(a)[0] AS label, coalesce(a.kind, '') AS kind, a.id AS id
RETURN label, kind, count(id) AS areas
ORDER BY label, kind
