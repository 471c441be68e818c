using System.Security.Cryptography;
using System.Text;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Cli.Inputs;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Models;

/// <summary>Describes a single model file, for people and as JSON.</summary>
sealed class ModelSummary
{
    readonly OrderedDictionary<string, object> facts = [];

    /// <exception cref="InputException">It is no model that is served.</exception>
    public static ModelSummary From(string path)
    {
        var format = ServedFormats.All.Detect(path);
        var bytes = format.Open(path);
        return From(format, bytes, format.Read(bytes, path), path);
    }

    public static ModelSummary From(IModelFormat format, byte[] bytes, IModelFile model, string path)
    {
        var summary = new ModelSummary();
        summary.Add("model", path);
        summary.Add("format", format.Name);
        summary.Add("classes", model.Classes);
        summary.Add("columns", model.Columns);
        summary.Add("column_names", model.ColumnNames.Count > 0 ? $"{model.ColumnNames[0]} … {model.ColumnNames[^1]}"
            : "none: columns are taken by place");
        foreach (var (key, value) in model.Facts)
        {
            summary.Add(key, long.TryParse(value, out var number) ? number : (object)value);
        }

        summary.Add("sha256", Convert.ToHexStringLower(SHA256.HashData(bytes)));
        return summary;
    }

    public void Add(string key, object value) => facts.Add(key, value);

    public string ToJson() => DocumentJson.Format(facts);

    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var (key, value) in facts)
        {
            text.Append($"{key.Replace('_', ' '),-14} {PrintableText.Escape($"{value}")}\n");
        }

        return text.ToString();
    }
}
