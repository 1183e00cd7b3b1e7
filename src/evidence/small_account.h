// For tests of sources: one small account in the wire shapes of docs/recorded-account.md. A load balancer, an ECS
// service that was deployed before the alarm and runs out of memory, its database, a function behind a queue.
#pragma once

#include "evidence/fake_aws.h"

namespace convops {

inline Evidence evidence_of(Answer answer) {
    return { std::move(answer.facts), std::move(answer.gaps) };
}

// "sqs:queue/mail > lambda:function/mailer"
inline std::set<std::string> edges_of(Evidence const& evidence) {
    std::set<std::string> edges;
    for (auto const& [fact, edge] : evidence.all<DependencyFact>())
        edges.insert(edge->from.key() + " > " + edge->to.key());
    return edges;
}

inline Time at_clock(std::string_view clock) {
    return *parse_time("2026-11-23T" + std::string(clock) + "Z");
}

inline Question small_question() {
    Question question;
    question.account = "111122223333";
    question.region = "eu-west-1";
    question.alarm.account = question.account;
    question.alarm.region = question.region;
    question.alarm.name = "checkout-5xx";
    question.alarm_at = at_clock("20:15:00");
    question.now = at_clock("20:16:00");
    question.centre = { { "ecs:service", "shop/checkout", {} } };
    question.nearby = { { { "ecs:service", "shop/checkout", {} }, 0 }, { { "rds:instance", "orders-db", {} }, 1 },
        { { "dynamodb:table", "carts", {} }, 1 }, { { "lambda:function", "mailer", {} }, 2 } };
    Fact database;
    database.detail = StateFact { { "rds:instance", "orders-db", {} }, StateHealth::healthy,
        { { "dbi_resource_id", "db-ABC" }, { "performance_insights", "true" } } };
    Fact logs;
    logs.detail = StateFact { { "ecs:service", "shop/checkout", {} }, StateHealth::unknown,
        { { "log_group", "/ecs/checkout" } } };
    question.map.facts = { database, logs };
    return question;
}

inline void add_ecs(FakeAws& aws) {
    aws.on("ecs:ListClusters", R"({"clusterArns":["arn:aws:ecs:eu-west-1:111122223333:cluster/shop"]})");
    aws.on("ecs:ListServices", R"({"serviceArns":["arn:aws:ecs:eu-west-1:111122223333:service/shop/checkout"]})");
    aws.on("ecs:DescribeServices", R"({"services":[{
        "serviceName":"checkout","serviceArn":"arn:aws:ecs:eu-west-1:111122223333:service/shop/checkout",
        "clusterArn":"arn:aws:ecs:eu-west-1:111122223333:cluster/shop","status":"ACTIVE",
        "desiredCount":3,"runningCount":2,"pendingCount":1,
        "taskDefinition":"arn:aws:ecs:eu-west-1:111122223333:task-definition/checkout:42",
        "loadBalancers":[{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop/0123"}],
        "deployments":[{"id":"ecs-svc/2","status":"PRIMARY","rolloutState":"COMPLETED","failedTasks":0,
            "taskDefinition":"arn:aws:ecs:eu-west-1:111122223333:task-definition/checkout:42",
            "createdAt":"2026-11-23T20:01:02Z","updatedAt":"2026-11-23T20:03:00Z"}],
        "events":[
          {"id":"1","createdAt":"2026-11-23T20:10:00Z","message":"(service checkout) was unable to place a task because no container instance met all of its requirements."},
          {"id":"2","createdAt":"2026-11-23T20:12:00Z","message":"(service checkout) was unable to place a task because no container instance met all of its requirements."},
          {"id":"3","createdAt":"2026-11-23T20:03:00Z","message":"(service checkout) has reached a steady state."},
          {"id":"4","createdAt":"2026-11-22T20:03:00Z","message":"(service checkout) was unable to place a task."}]}]})");
    aws.on("ecs:DescribeTaskDefinition", [](AwsCall const& call) -> Result<Json> {
        bool const old = text_at(Json(call.params), "taskDefinition").ends_with(":41");
        return parse_json(std::string(R"({"taskDefinition":{"family":"checkout","revision":)") + (old ? "41" : "42")
            + R"(,"cpu":"256","memory":"512","containerDefinitions":[{"name":"app","image":"r/shop:)"
            + (old ? "41" : "42") + R"(","environment":[{"name":"DB_POOL_SIZE","value":")" + (old ? "20" : "2")
            + R"("},{"name":"API_TOKEN","value":"hush)" + (old ? "1" : "2")
            + R"("},{"name":"DB_HOST","value":"orders-db.c9a.eu-west-1.rds.amazonaws.com"},
                {"name":"PAYMENTS_URL","value":"https://pay.example.com/v1"}],
              "logConfiguration":{"options":{"awslogs-group":"/ecs/checkout"}}}]}})");
    });
    aws.on("ecs:ListTasks", R"({"taskArns":["arn:aws:ecs:eu-west-1:111122223333:task/shop/1"]})");
    aws.on("ecs:DescribeTasks", R"({"tasks":[
        {"clusterArn":"arn:aws:ecs:eu-west-1:111122223333:cluster/shop","group":"service:checkout",
         "stoppedAt":"2026-11-23T20:09:00Z","stopCode":"EssentialContainerExited","stoppedReason":"Essential container in task exited",
         "containers":[{"name":"app","exitCode":137,"reason":"OutOfMemoryError: Container killed due to memory usage"}]},
        {"clusterArn":"arn:aws:ecs:eu-west-1:111122223333:cluster/shop","group":"service:checkout",
         "stoppedAt":"2026-11-23T20:11:00Z","stopCode":"EssentialContainerExited","stoppedReason":"Essential container in task exited",
         "containers":[{"name":"app","exitCode":137,"reason":"OutOfMemoryError: Container killed due to memory usage"}]}]})");
}

inline void add_load_balancer(FakeAws& aws) {
    aws.on("elasticloadbalancing:DescribeLoadBalancers", R"({"LoadBalancers":[{
        "LoadBalancerArn":"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/0123",
        "DNSName":"Shop-1.eu-west-1.elb.amazonaws.com","Type":"application","State":{"Code":"active"}}]})");
    aws.on("elasticloadbalancing:DescribeTargetGroups", R"({"TargetGroups":[{
        "TargetGroupArn":"arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop/0123","TargetType":"instance",
        "LoadBalancerArns":["arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/0123"]}]})");
    aws.on("elasticloadbalancing:DescribeTargetHealth", R"({"TargetHealthDescriptions":[
        {"Target":{"Id":"i-1"},"TargetHealth":{"State":"healthy"}},
        {"Target":{"Id":"i-2"},"TargetHealth":{"State":"unhealthy","Reason":"Target.Timeout","Description":"Request timed out"}},
        {"Target":{"Id":"i-3"},"TargetHealth":{"State":"draining"}}]})");
}

inline void add_database(FakeAws& aws) {
    aws.on("rds:DescribeDBInstances",
        R"({"DBInstances":[{"DBInstanceIdentifier":"orders-db","DBInstanceStatus":"storage-full",
        "DBInstanceClass":"db.t4g.micro","Engine":"postgres","EngineVersion":"16.3","MultiAZ":"true","AllocatedStorage":"20",
        "DbiResourceId":"db-ABC","PerformanceInsightsEnabled":"true","PendingModifiedValues":{"MasterUserPassword":"****","AllocatedStorage":"40"},
        "DBParameterGroups":[{"DBParameterGroupName":"default.postgres16"}],
        "ReadReplicaSourceDBInstanceIdentifier":"main-db","Endpoint":{"Address":"orders-db.c9a.eu-west-1.rds.amazonaws.com"}}]})");
    aws.on("rds:DescribeDBClusters", R"({"DBClusters":[{"DBClusterIdentifier":"ledger","Status":"available",
        "DBClusterMembers":[{"DBInstanceIdentifier":"ledger-1","IsClusterWriter":"true"}]}]})");
    aws.on("rds:DescribeDBParameters", R"json({"Parameters":[{"ParameterName":"work_mem","ParameterValue":"4096"},
        {"ParameterName":"max_connections","ParameterValue":"LEAST({DBInstanceClassMemory/9531392},5000)"}]})json");
    aws.on("rds:DescribeEvents", R"({"Events":[
        {"SourceIdentifier":"orders-db","SourceType":"db-instance","Date":"2026-11-23T20:05:00Z","Message":"Multi-AZ instance failover completed"},
        {"SourceIdentifier":"orders-db","SourceType":"db-instance","Date":"2026-11-23T20:06:00Z","Message":"Allocated storage has been exhausted"},
        {"SourceIdentifier":"orders-db","SourceType":"db-instance","Date":"2026-11-20T20:06:00Z","Message":"DB instance restarted"}]})");
    aws.on("pi:GetResourceMetrics", [](AwsCall const& call) -> Result<Json> {
        bool const sql = to_text(Json(call.params)).find("sql") != std::string::npos;
        auto const points
            = R"("DataPoints":[{"Timestamp":"2026-11-23T20:00:00Z","Value":0.1},{"Timestamp":"2026-11-23T20:13:00Z","Value":6.2}])";
        return parse_json(std::string(R"({"MetricList":[{"Key":{"Metric":"db.load.avg"},)") + points
            + R"(},{"Key":{"Metric":"db.load.avg","Dimensions":)"
            + (sql ? R"({"db.sql_tokenized.statement":"UPDATE carts SET n = ?"})"
                   : R"({"db.wait_event.type":"IO","db.wait_event.name":"DataFileRead"})")
            + "}," + points + "}]}");
    });
}

inline void add_functions(FakeAws& aws) {
    aws.on("lambda:ListFunctions",
        R"({"Functions":[{"FunctionName":"mailer","FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:mailer",
        "Timeout":3,"MemorySize":128,"LastModified":"2026-11-23T19:58:11.000+0000",
        "Environment":{"Variables":{"CARTS_TABLE":"carts","SECRET":"s3cr3t"}}}]})");
    aws.on("lambda:GetAccountSettings",
        R"({"AccountLimit":{"ConcurrentExecutions":1000,"UnreservedConcurrentExecutions":990}})");
    aws.on("lambda:GetFunctionConcurrency", R"({"ReservedConcurrentExecutions":10})");
    aws.on("lambda:GetFunctionConfiguration",
        R"({"FunctionName":"mailer","Timeout":3,"MemorySize":128,"State":"Active"})");
    aws.on("lambda:ListEventSourceMappings",
        R"({"EventSourceMappings":[{"FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:mailer",
        "EventSourceArn":"arn:aws:sqs:eu-west-1:111122223333:mail","State":"Disabled","LastProcessingResult":"PROBLEM: Function call failed"}]})");
}

inline void add_the_rest(FakeAws& aws) {
    aws.on("sqs:ListQueues", R"({"QueueUrls":["https://sqs.eu-west-1.amazonaws.com/111122223333/mail"]})");
    aws.on("sqs:GetQueueAttributes", R"({"Attributes":{"QueueArn":"arn:aws:sqs:eu-west-1:111122223333:mail",
        "ApproximateNumberOfMessages":"1200","ApproximateNumberOfMessagesNotVisible":"3",
        "RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:111122223333:mail-dead\",\"maxReceiveCount\":5}"}})");
    aws.on("elasticache:DescribeCacheClusters",
        R"({"CacheClusters":[{"CacheClusterId":"sessions-001","CacheClusterStatus":"rebooting cluster nodes",
        "CacheNodeType":"cache.t4g.micro","NumCacheNodes":"1","ReplicationGroupId":"sessions"}]})");
    aws.on("elasticache:DescribeReplicationGroups",
        R"({"ReplicationGroups":[{"ReplicationGroupId":"sessions","Status":"available","MemberClusters":["sessions-001"]}]})");
    aws.on("elasticache:DescribeEvents",
        R"({"Events":[{"SourceIdentifier":"sessions","Date":"2026-11-23T20:04:00Z","Message":"Failover to replica node sessions-001 completed"}]})");
    aws.on("dynamodb:DescribeTable",
        R"({"Table":{"TableName":"carts","TableStatus":"ACTIVE","ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":1}}})");
    aws.on("ec2:DescribeInstances",
        R"({"reservationSet":[{"instancesSet":[{"instanceId":"i-1","instanceType":"t3.small","instanceState":{"name":"running"},
        "launchTime":"2026-11-23T20:00:00Z","tagSet":[{"key":"aws:autoscaling:groupName","value":"web"}]}]}]})");
    aws.on("ec2:DescribeInstanceStatus",
        R"({"instanceStatusSet":[{"instanceId":"i-1","systemStatus":{"status":"impaired","details":[
        {"name":"reachability","status":"failed","impairedSince":"2026-11-23T20:07:00Z"}]},"instanceStatus":{"status":"ok"},
        "eventsSet":[{"code":"instance-retirement","description":"The instance is running on degraded hardware","notBefore":"2026-11-25T00:00:00Z"}]}]})");
    aws.on("ec2:DescribeVolumes",
        R"({"volumeSet":[{"volumeId":"vol-1","volumeType":"gp3","iops":"3000","attachmentSet":[{"instanceId":"i-1","device":"/dev/xvda"}]}]})");
    aws.on("autoscaling:DescribeScalingActivities",
        R"({"Activities":[{"AutoScalingGroupName":"web","StartTime":"2026-11-23T20:08:00Z","StatusCode":"Failed",
        "Description":"Launching a new EC2 instance","StatusMessage":"We currently do not have sufficient t3.small capacity in the Availability Zone","Cause":"capacity increased"}]})");
    aws.on("events:ListRules",
        R"json({"Rules":[{"Name":"nightly","State":"ENABLED","ScheduleExpression":"cron(10 20 * * ? *)"},
        {"Name":"off","State":"DISABLED","ScheduleExpression":"rate(5 minutes)"},{"Name":"pattern","State":"ENABLED"}]})json");
    aws.on("events:ListTargetsByRule",
        R"({"Targets":[{"Id":"1","Arn":"arn:aws:lambda:eu-west-1:111122223333:function:report"}]})");
    aws.on("xray:GetServiceGraph",
        R"({"Services":[{"ReferenceId":0,"Name":"checkout","Type":"AWS::ECS::Fargate","Edges":[
        {"ReferenceId":1,"SummaryStatistics":{"TotalCount":100,"FaultStatistics":{"TotalCount":30},"TotalResponseTime":50}}]},
        {"ReferenceId":1,"Name":"carts","Type":"AWS::DynamoDB::Table","Edges":[]},{"ReferenceId":2,"Type":"client","Name":"checkout","Edges":[{"ReferenceId":0}]}]})");
    aws.on("logs:DescribeLogGroups", R"({"logGroups":[{"logGroupName":"/ecs/checkout"}]})");
    aws.on("logs:FilterLogEvents", [](AwsCall const& call) -> Result<Json> {
        JsonArray events;
        auto const from = *integer_at(Json(call.params), "startTime");
        bool const incident = from == at_clock("19:55:00").time_since_epoch().count();
        auto const add = [&](Time at, std::string const& message) {
            events.push_back(JsonObject { { "timestamp", at.time_since_epoch().count() }, { "message", message } });
        };
        for (int i = 0; incident && i < 30; ++i)
            add(at_clock("20:13:02") + Seconds { i },
                "ERROR connection pool exhausted after " + std::to_string(5000 + i) + " ms");
        for (int i = 0; i < 21; ++i)
            add(Time { Milliseconds { from } } + Seconds { 30 * i },
                "WARN slow query of " + std::to_string(i) + " ms");
        return Json(JsonObject { { "events", events } });
    });
}

inline void add_small_account(FakeAws& aws) {
    add_ecs(aws);
    add_load_balancer(aws);
    add_database(aws);
    add_functions(aws);
    add_the_rest(aws);
}

// What a source tells of it, after a change.
inline Evidence asked_of_small_account(
    sources::Registered const& source, std::function<void(FakeAws&)> const& change) {
    FakeAws aws;
    add_small_account(aws);
    change(aws);
    return evidence_of(source.collect(small_question(), aws));
}

} // namespace convops
