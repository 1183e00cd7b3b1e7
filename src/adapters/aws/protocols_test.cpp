#include "adapters/aws/protocols.h"

#include "adapters/aws/xml.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Result<WireRequest> written(std::string_view service_name, std::string_view operation, std::string_view params) {
    auto const& service = *find_aws_service(service_name);
    return write_request(service, *find_aws_operation(service, operation), parse_json(params)->as_object());
}

std::string body_of(std::string_view service, std::string_view operation, std::string_view params) {
    return written(service, operation, params)->body;
}

Result<Json> read(std::string_view service_name, std::string_view operation, std::string body, std::string type) {
    auto const& service = *find_aws_service(service_name);
    return read_answer(service, *find_aws_operation(service, operation),
        { 200, { { "content-type", std::move(type) } }, std::move(body) });
}

std::string text_of(Result<Json> const& json) {
    return json ? to_text(*json) : json.error().message;
}

} // namespace

TEST(QueryProtocol, nested_lists_and_structures_are_flattened) {
    EXPECT_EQ(
        body_of("monitoring", "GetMetricData",
            R"({"MetricDataQueries":[{"Id":"m1","MetricStat":{"Metric":{"Dimensions":[{"Name":"a b","Value":"c&d"}]},
                  "Period":60},"ReturnData":true}],"StartTime":1795464000})"),
        "Action=GetMetricData&Version=2010-08-01&MetricDataQueries.member.1.Id=m1"
        "&MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Name=a%20b"
        "&MetricDataQueries.member.1.MetricStat.Metric.Dimensions.member.1.Value=c%26d"
        "&MetricDataQueries.member.1.MetricStat.Period=60&MetricDataQueries.member.1.ReturnData=true"
        "&StartTime=2026-11-23T20%3A00%3A00Z");
}

TEST(QueryProtocol, rds_names_the_items_of_its_lists) {
    EXPECT_EQ(body_of("rds", "DescribeEvents",
                  R"({"EventCategories":["failover"],"Filters":[{"Name":"n","Values":["v","w"]}]})"),
        "Action=DescribeEvents&Version=2014-10-31&EventCategories.EventCategory.1=failover&Filters.Filter.1.Name=n"
        "&Filters.Filter.1.Values.Value.1=v&Filters.Filter.1.Values.Value.2=w");
}

TEST(QueryProtocol, an_empty_list_is_sent_and_a_null_is_not) {
    EXPECT_EQ(
        body_of("autoscaling", "DescribeAutoScalingGroups", R"({"AutoScalingGroupNames":[],"MaxRecords":null})"),
        "Action=DescribeAutoScalingGroups&Version=2011-01-01&AutoScalingGroupNames=");
}

TEST(QueryProtocol, a_parameter_can_not_become_another_one) {
    EXPECT_EQ(body_of("monitoring", "DescribeAlarms", R"({"AlarmNamePrefix":"x&Action=DeleteAlarms","a=b":"é"})"),
        "Action=DescribeAlarms&Version=2010-08-01&AlarmNamePrefix=x%26Action%3DDeleteAlarms&a%3Db=%C3%A9");
}

TEST(QueryProtocol, nesting_has_a_bound) {
    std::string deep = "1";
    for (int i = 0; i < 40; ++i)
        deep = R"({"a":)" + deep + "}";
    EXPECT_EQ(written("monitoring", "DescribeAlarms", deep).error().kind, ErrorKind::invalid_input);
}

TEST(Ec2Protocol, lists_are_numbered_without_member_and_both_spellings_are_taken) {
    auto const* wire
        = "Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-1&Filter.1.Name=n&Filter.1.Value.1=v";
    EXPECT_EQ(
        body_of("ec2", "DescribeInstances", R"({"InstanceIds":["i-1"],"Filters":[{"Name":"n","Values":["v"]}]})"),
        wire);
    EXPECT_EQ(
        body_of("ec2", "DescribeInstances", R"({"InstanceId":["i-1"],"filter":[{"name":"n","value":["v"]}]})"), wire);
}

TEST(JsonProtocol, the_operation_is_the_target_and_times_are_numbers) {
    auto const request = *written("cloudtrail", "LookupEvents",
        R"({"StartTime":"2026-11-23T20:00:00Z","EndTime":1795464000.5,"MaxResults":50})");
    EXPECT_EQ(request.body, R"({"StartTime":1795464000,"EndTime":1795464000.5,"MaxResults":50})");
    EXPECT_EQ(request.headers[0].second, "application/x-amz-json-1.1");
    EXPECT_EQ(request.headers[1].second, "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents");
    EXPECT_EQ(written("sqs", "ListQueues", "{}")->headers[0].second, "application/x-amz-json-1.0");
}

TEST(JsonProtocol, logs_keep_their_own_times) {
    EXPECT_EQ(body_of("logs", "FilterLogEvents", R"({"startTime":1795464000123})"), R"({"startTime":1795464000123})");
}

TEST(JsonProtocol, times_are_converted_inside_lists) {
    EXPECT_EQ(body_of("health", "DescribeEvents", R"({"filter":{"startTimes":[{"from":"2026-11-23T20:00:00Z"}]}})"),
        R"({"filter":{"startTimes":[{"from":1795464000}]}})");
}

TEST(RestProtocol, parameters_go_into_the_path_and_the_rest_into_the_query) {
    auto const request = *written("lambda", "GetFunctionConfiguration",
        R"({"FunctionName":"arn:aws:lambda:eu-west-1:1:function:a/b","Qualifier":"1 2"})");
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(
        request.path, "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Aa%2Fb/configuration");
    EXPECT_EQ(request.query, "Qualifier=1%202");
    EXPECT_TRUE(request.body.empty());
}

TEST(RestProtocol, a_missing_or_climbing_path_parameter_is_refused) {
    for (auto const* params :
        { "{}", R"({"FunctionName":""})", R"({"FunctionName":".."})", R"({"FunctionName":[]})" })
        EXPECT_EQ(written("lambda", "GetFunctionConfiguration", params).error().kind, ErrorKind::invalid_input);
}

TEST(RestProtocol, a_post_has_a_body_and_its_path_parameters_are_not_in_it) {
    auto const request = *written("guardduty", "GetFindings", R"({"detectorId":"d","findingIds":["f"]})");
    EXPECT_EQ(request.path, "/detector/d/findings/get");
    EXPECT_EQ(request.body, R"({"findingIds":["f"]})");
    EXPECT_EQ(written("s3", "GetBucketLocation", R"({"Bucket":"b"})")->query, "location");
}

TEST(Answers, the_wrappers_of_a_query_answer_go_and_lists_are_arrays) {
    EXPECT_EQ(text_of(read("rds", "DescribeDBInstances",
                  "<DescribeDBInstancesResponse xmlns=\"x\"><DescribeDBInstancesResult><DBInstances><DBInstance>"
                  "<DBInstanceIdentifier>orders</DBInstanceIdentifier><VpcSecurityGroups/></DBInstance></DBInstances>"
                  "</DescribeDBInstancesResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
                  "</DescribeDBInstancesResponse>",
                  "text/xml")),
        R"({"DBInstances":[{"DBInstanceIdentifier":"orders","VpcSecurityGroups":[]}]})");
}

TEST(Answers, an_empty_list_is_an_array_and_an_empty_text_is_text) {
    EXPECT_EQ(text_of(read("rds", "DescribeDBInstances",
                  "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances/><Marker/>"
                  "</DescribeDBInstancesResult></DescribeDBInstancesResponse>",
                  "text/xml")),
        R"({"DBInstances":[],"Marker":""})");
}

TEST(Answers, ec2_keeps_its_names) {
    EXPECT_EQ(
        text_of(read("ec2", "DescribeInstances",
            "<DescribeInstancesResponse><requestId>r</requestId><reservationSet><item><instancesSet><item>"
            "<instanceId>i-1</instanceId></item></instancesSet></item></reservationSet></DescribeInstancesResponse>",
            "text/xml;charset=UTF-8")),
        R"({"requestId":"r","reservationSet":[{"instancesSet":[{"instanceId":"i-1"}]}]})");
}

TEST(Answers, maps_become_objects) {
    EXPECT_EQ(text_of(read("sns", "GetTopicAttributes",
                  "<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes><entry><key>TopicArn</key>"
                  "<value>arn</value></entry></Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>",
                  "text/xml")),
        R"({"Attributes":{"TopicArn":"arn"}})");
}

TEST(Answers, json_to_a_query_call_is_read_as_json) {
    EXPECT_EQ(text_of(read("monitoring", "DescribeAlarms",
                  R"({"DescribeAlarmsResponse":{"DescribeAlarmsResult":{"MetricAlarms":[]}}})", "application/json")),
        R"({"MetricAlarms":[]})");
    EXPECT_EQ(text_of(read("monitoring", "DescribeAlarms", R"( {"MetricAlarms":[]})", "")), R"({"MetricAlarms":[]})");
}

TEST(Answers, nothing_is_an_empty_object) {
    EXPECT_EQ(text_of(read("sqs", "DeleteMessage", "", "")), "{}");
    EXPECT_EQ(text_of(read("monitoring", "DescribeAlarms", "\n", "text/xml")), "{}");
}

TEST(Xml, repeated_elements_without_a_wrapper_are_a_list) {
    EXPECT_EQ(text_of(xml_to_json("<r><a>1</a><b/><a>2</a><a>3</a></r>", {}, {})), R"({"a":["1","2","3"],"b":""})");
    EXPECT_EQ(
        text_of(xml_to_json("<r><a><item>1</item></a><a><item>2</item></a></r>", {}, {})), R"({"a":[["1"],["2"]]})");
}

TEST(Xml, text_keeps_its_entities_and_cdata) {
    EXPECT_EQ(text_of(xml_to_json("<r><a>&lt;x&gt; &amp; &#233;</a><b><![CDATA[<y>]]></b></r>", {}, {})),
        "{\"a\":\"<x> & é\",\"b\":\"<y>\"}");
}

TEST(Xml, what_aws_never_sends_is_refused) {
    std::string deep;
    for (int i = 0; i < 100'000; ++i)
        deep += "<a>";
    std::string closed;
    for (int i = 0; i < 60; ++i)
        closed = "<a>" + closed + "</a>";
    auto const* bomb = "<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><r>&b;</r>";
    for (std::string const& text : { std::string(bomb), deep, closed, std::string("<r><a></r>"), std::string("text"),
             std::string("<r>"), std::string("<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r/>") })
        EXPECT_EQ(xml_to_json(text, {}, {}).error().kind, ErrorKind::corrupt) << text.substr(0, 80);
    EXPECT_EQ(xml_to_json("<r/>", {}, { .bytes = 3 }).error().kind, ErrorKind::corrupt);
}

} // namespace convops
