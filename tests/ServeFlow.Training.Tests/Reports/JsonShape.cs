using System.Text.Json.Nodes;

namespace ServeFlow.Training.Tests.Reports;

/// <summary>The names in a JSON text, nested and in order, without the values: <c>{a,b[{c,d}]}</c>.</summary>
static class JsonShape
{
    /// <param name="json">The text.</param>
    public static string From(string json) => From(JsonNode.Parse(json));

    static string From(JsonNode? node) => node switch
    {
        JsonObject members => $"{{{string.Join(',', members.Select(member => member.Key + From(member.Value)))}}}",
        JsonArray items => $"[{(items.Count > 0 ? From(items[0]) : "")}]",
        _ => "",
    };
}
