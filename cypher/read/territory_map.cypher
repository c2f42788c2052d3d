// Every area of a scope with what a map of it shows: whether a party organization of its level is due and there, and the open needs raised in it.
// title: 区域地图
// subject: 区域与概况
// param scope: area -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns id: string 区域编号
// returns label: string 区域类型 -- label of the area's kind
// returns name: string 区域
// returns parent_id: string 上级区域编号 -- the area that holds it; null for the scope itself, whatever holds that
// returns due: integer 应建党组织（个） -- 1 where a party organization of the level is due: everywhere but in the district itself and in communities without a residents' committee
// returns led: integer 已建党组织（个） -- 1 where it is due and there
// returns needs: integer 在办需求（条） -- open needs raised in this very area
// route: GET /api/networks/territory
CALL () {
  MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a)
  RETURN a, 0 AS led, 0 AS needs
  UNION ALL
  MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a)<-[l:LEADS]-(o:PartyOrganization)
  WHERE o.level = CASE labels(a)[0] WHEN 'Street' THEN 1 WHEN 'Community' THEN 2 WHEN 'Estate' THEN 3 WHEN 'Grid' THEN 4 ELSE 5 END
    AND coalesce(l.from, '0000-01-01') <= $as_of AND $as_of < coalesce(l.to, '9999-12-31')
    AND coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
  RETURN a, 1 AS led, 0 AS needs
  UNION ALL
  MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a)<-[:RAISED_IN]-(n:Need)
  WHERE NOT coalesce(n.state, '提出') IN ['销号', '合并', '撤回', '退回']
  RETURN a, 0 AS led, 1 AS needs
}
WITH a, sum(led) AS led, sum(needs) AS needs
WHERE coalesce(a.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(a.valid_to, '9999-12-31')
OPTIONAL MATCH (a)-[:PART_OF]->(p)
WITH a, labels(a)[0] AS label, CASE a.id WHEN $scope THEN null ELSE p.id END AS parent_id, led, needs
WITH a, label, parent_id, led, needs,
  CASE WHEN label = 'District' OR (label = 'Community' AND coalesce(a.kind, '') <> '居委会') THEN 0 ELSE 1 END AS due
RETURN a.id AS id, label, a.name AS name, parent_id, due, CASE WHEN due = 1 AND led > 0 THEN 1 ELSE 0 END AS led, needs
ORDER BY id, label
