// How many evaluations of a project there are.
// title: 项目的评价数
// param project: string -- key of the project
// returns evaluations: integer 评价（条）
MATCH (e:Evaluation)-[:OF]->(:Project {id: $project})
RETURN count(e) AS evaluations
