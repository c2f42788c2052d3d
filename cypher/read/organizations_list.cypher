// Organizations of one kind in an area, one row each.
// title: 某类组织名录
// subject: 组织与岗位
// param scope: area -- key of the area whose subtree is read
// param kind: OrganizationKind -- the kind
// param as_of: date = today -- the day that counts
// returns organization_id: Organization.id
// returns organization: Organization.name
// returns members_count: Organization.members_count
// returns party_members_count: Organization.party_members_count
// returns member_share: Organization.member_share
// returns served_id: Community.id 服务区域编号
// returns served: Community.name 服务区域
// route: GET /api/organizations
MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a)<-[:COVERS|IN_COMMUNITY*0..1]-(served)<-[:SERVES]-(o:Organization {kind: $kind})
WHERE coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
WITH DISTINCT o, served
RETURN o.id AS organization_id, o.name AS organization, o.members_count AS members_count,
  o.party_members_count AS party_members_count, o.member_share AS member_share, served.id AS served_id, served.name AS served
ORDER BY organization_id, served_id
