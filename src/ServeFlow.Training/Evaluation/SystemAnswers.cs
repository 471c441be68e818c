using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Evaluation;

/// <summary>Represents an answer that a system gives to a flow.</summary>
/// <param name="Flow">The flow's position.</param>
/// <param name="Class">The answer, or <see cref="ConfusionMatrix.Unanswered"/>.</param>
/// <param name="Ms">Milliseconds from the flow's first packet to the answer.</param>
/// <param name="Packets">Packets that the answer rests on.</param>
/// <param name="Weight">How likely the system gives this answer; the weights of a flow's answers sum to 1.</param>
readonly record struct SystemAnswer(int Flow, int Class, double Ms, int Packets, double Weight = 1);

/// <summary>Lets systems answer the flows of an evaluation.</summary>
/// <param name="flows">The flows.</param>
/// <param name="tiers">Each tier's predictions of the flows.</param>
/// <param name="times">When each tier answers.</param>
/// <param name="isPassing">Whether a flow passes every tier before the one that answers it.</param>
sealed class SystemAnswers(FlowSample flows, IReadOnlyList<Predictions> tiers, AnswerTimes times, bool isPassing = true)
{
    /// <summary>Draws of the random assignment that its figures are averaged over.</summary>
    public const int RandomDraws = 100;

    /// <summary>Gets the same where a flow passes every tier before the one that answers it.</summary>
    public SystemAnswers Passing() => new(flows, tiers, times);

    /// <summary>Gets the answers of a run, one for each flow.</summary>
    public SystemAnswer[] Give(CascadeRun run) =>
        [.. Enumerable.Range(0, run.Flows).Select(flow => Give(flow, run.Tier(flow), run.Answer(flow)))];

    /// <summary>Scores answers, one for each flow.</summary>
    public SystemScore Score(SystemAnswer[] answers)
    {
        var matrix = new ConfusionMatrix(flows.Classes.Count);
        foreach (var answer in answers)
        {
            matrix.Add(flows.Labels[answer.Flow], answer.Class);
        }

        return SystemScore.From(matrix, [.. answers.Select(answer => answer.Ms)],
            answers.Average(answer => (double)answer.Packets));
    }

    /// <summary>
    /// Escalates as many flows at each tier as another run, drawn at random, many times.
    /// </summary>
    /// <returns>The mean score over the draws, and every answer with the share of the draws that gave it.</returns>
    public (SystemScore Mean, SystemAnswer[] Answers) AssignAtRandom(CascadeRun like, int seed)
    {
        var random = new Random(seed);
        var times = new int[like.Flows, tiers.Count];
        var scores = new List<SystemScore>();
        for (var draw = 0; draw < RandomDraws; draw++)
        {
            var run = CascadeRun.AtRandom(like, tiers, random.Next());
            scores.Add(Score(Give(run)));
            for (var flow = 0; flow < run.Flows; flow++)
            {
                times[flow, run.Tier(flow)]++;
            }
        }

        return (SystemScore.Average(scores), Expected(times, like));
    }

    SystemAnswer[] Expected(int[,] times, CascadeRun like)
    {
        var answers = new List<SystemAnswer>();
        for (var flow = 0; flow < times.GetLength(0); flow++)
        {
            for (var tier = 0; tier < tiers.Count; tier++)
            {
                if (times[flow, tier] > 0)
                {
                    answers.Add(Give(flow, tier, like.Reaches(flow, 0)
                        ? tiers[tier].TopClass(flow)
                        : ConfusionMatrix.Unanswered) with
                    {
                        Weight = (double)times[flow, tier] / RandomDraws,
                    });
                }
            }
        }

        return [.. answers];
    }

    SystemAnswer Give(int flow, int tier, int answer) =>
        new(flow, answer, times.LatencyMs(flow, isPassing ? 0 : tier, tier), times.Packets(flow, tier));
}
