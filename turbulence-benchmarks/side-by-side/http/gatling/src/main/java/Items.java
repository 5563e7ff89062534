import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.Simulation;

/// The same as scenario.yaml: each user asks for items one after the other, checks the status and takes the id.
public class Items extends Simulation {
    {
        int users = Integer.getInteger("users");
        setUp(scenario("items")
                        .repeat(Integer.getInteger("requests") / users, "n")
                        .on(http("item")
                                .get("/items/#{n}")
                                .check(status().is(200), jsonPath("$.id").saveAs("id")))
                        .injectOpen(atOnceUsers(users)))
                .protocols(
                        Boolean.getBoolean("h2")
                                ? http.baseUrl(System.getProperty("url")).enableHttp2()
                                : http.baseUrl(System.getProperty("url")));
    }
}
