// Projects that were promised a part of a resource: read inside the transaction that has locked the resource.
// title: 占用某资源的项目
// param id: string -- key of the resource
// param closed: string -- state of a project that holds nothing any more
// returns project_id: Project.id
// returns promised: USES.promised
MATCH (p:Project)-[u:USES]->(:Resource {id: $id})
WHERE coalesce(p.state, '') <> $closed
RETURN p.id AS project_id, u.promised AS promised
