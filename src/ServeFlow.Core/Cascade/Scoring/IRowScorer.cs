using ServeFlow.Features.Rows;

namespace ServeFlow.Cascade.Scoring;

/// <summary>Scores flows by their rows of answers, as <see cref="AnswerRows"/> lays them out.</summary>
public interface IRowScorer : IBatchScorer
{
    /// <summary>Gathers one flow, of a scorer that was created for rows.</summary>
    /// <param name="place">Its place in the batch, from 0, below <see cref="IBatchScorer.Capacity"/>.</param>
    /// <param name="row">The words that its packets so far fill.</param>
    void Add(int place, ReadOnlySpan<ulong> row);
}
