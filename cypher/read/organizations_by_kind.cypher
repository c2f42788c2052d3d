// Organizations that serve an area or a part of it, by kind, with the people in them.
// title: 各类组织
// subject: 组织与岗位
// param scope: area -- key of the area whose subtree is read
// param kind: OrganizationKind = null -- one kind only
// param as_of: date = today -- the day that counts
// returns kind: OrganizationKind 组织类型
// returns organizations: integer 组织（个）
// returns people: integer 成员（人）
// route: GET /api/coverage/organizations
MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a)
MATCH (a)<-[:COVERS|IN_COMMUNITY*0..1]-(served)<-[:SERVES]-(o:Organization)
WHERE ($kind IS NULL OR o.kind = $kind)
  AND coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
WITH DISTINCT o
WITH o.kind AS kind, o.members_count AS people, o.id AS id
RETURN kind, count(id) AS organizations, sum(coalesce(people, 0)) AS people
ORDER BY kind
