"""The words of the lab, each in one sentence, in the order of their ids."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["GLOSSARY", "Term"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word or symbol, what it means, and the ids of words that belong to it."""

    id: str
    name: str
    words: str
    see: tuple[str, ...] = ()


GLOSSARY: tuple[Term, ...] = (
    Term(
        id="acceptance-rate",
        name="Acceptance rate",
        words="The probability that the large model keeps a token that the draft model proposed.",
        see=("speculative-decoding",),
    ),
    Term(
        id="all-reduce",
        name="All-reduce",
        words="A transfer after which every device of a group holds the sum of what all of them computed.",
        see=("tensor-parallelism",),
    ),
    Term(
        id="all-to-all",
        name="All-to-all",
        words="A transfer in which every device sends a different part to every other one, as tokens go to experts.",
        see=("mixture-of-experts",),
    ),
    Term(
        id="amdahl",
        name="Amdahl's law",
        words="A change that makes a share of the time faster shortens the whole by no more than that share.",
    ),
    Term(
        id="arithmetic-intensity",
        name="Arithmetic intensity",
        words="Operations done for each byte moved to or from memory, in FLOP per byte.",
        see=("roofline", "ridge-point"),
    ),
    Term(
        id="bandwidth",
        name="BW_mem",
        words="The bytes that memory delivers in a second, at most.",
        see=("mbu",),
    ),
    Term(
        id="batch",
        name="Batch",
        words="The sequences, frames or hops that one step works on together, so that weights are read once for all.",
        see=("kv-cache",),
    ),
    Term(
        id="brier",
        name="Brier score",
        words="The mean squared distance of confidence from outcome: 0 is best, 0.25 is what a coin toss gets.",
        see=("calibration",),
    ),
    Term(
        id="cache-line",
        name="Cache line",
        words="The bytes that a cache fetches at once, needed or not; rows read one by one that are no multiple of it move more.",
    ),
    Term(
        id="calibration",
        name="Calibration",
        words="How well confidence matches outcome: of what is called 80% sure, 80% should come true.",
        see=("brier",),
    ),
    Term(
        id="compile",
        name="Compile amortisation",
        words="The runs after which the time saved in each pays for the time that compiling took.",
    ),
    Term(
        id="compute-bound",
        name="Compute-bound",
        words="Limited by arithmetic: the time is operations over the rate at which kernels do them.",
        see=("memory-bound", "latency-bound"),
    ),
    Term(
        id="continuous-batching",
        name="Continuous batching",
        words="Letting sequences join and leave the batch at every step instead of waiting for the longest.",
    ),
    Term(
        id="cuda-graph",
        name="CUDA graph",
        words="A recorded sequence of kernels of fixed shapes that is launched as one, which closes the gaps.",
        see=("launch",),
    ),
    Term(
        id="data-volume",
        name="D_vol",
        words="The bytes that a step moves to and from memory.",
        see=("iron-law",),
    ),
    Term(
        id="deadline",
        name="Deadline",
        words="The time by which a result must be there to be of use, whatever the average is.",
        see=("tail",),
    ),
    Term(
        id="decode",
        name="Decode",
        words="The phase that makes one token for every sequence in a step, and reads its weights anew to do so.",
        see=("prefill",),
    ),
    Term(
        id="dispatch",
        name="Dispatch",
        words="What the host does to start a kernel; where it takes longer than the kernel, the device waits.",
        see=("launch",),
    ),
    Term(
        id="duty-cycle",
        name="Duty cycle",
        words="The share of the time in which a chip is awake; mean power is nearly proportional to it.",
    ),
    Term(
        id="early-exit",
        name="Early exit",
        words="Ending a network after a few layers where its answer is sure enough, the rest only where it is not.",
    ),
    Term(
        id="efficiency",
        name="eta",
        words="The share of a peak that a kernel reaches, different for each kind of kernel.",
        see=("iron-law",),
    ),
    Term(
        id="flash-attention",
        name="FlashAttention",
        words="Attention in one kernel that keeps scores on the chip, so that they are never written to memory.",
        see=("online-softmax",),
    ),
    Term(
        id="flop",
        name="FLOP",
        words="A floating-point operation; a multiply-add counts as two, and FLOP/s is a rate of them.",
    ),
    Term(
        id="fusion",
        name="Operator fusion",
        words="Running neighbouring operators as one kernel.",
        see=("data-volume", "launch"),
    ),
    Term(
        id="grouped-queries",
        name="Grouped queries (GQA)",
        words="Attention in which several query heads share one key and value head, so less is cached and read.",
        see=("kv-cache",),
    ),
    Term(
        id="guardrail",
        name="Guardrail",
        words="A target that a design must keep whatever it gains elsewhere: memory, deadline, heat, power.",
    ),
    Term(
        id="hbm",
        name="HBM",
        words="High-bandwidth memory, the device memory of a data-centre GPU.",
        see=("bandwidth",),
    ),
    Term(
        id="hfu",
        name="HFU",
        words="Hardware FLOP utilisation: operations executed, recomputed ones too, over what the peak allows.",
        see=("mfu",),
    ),
    Term(
        id="iron-law",
        name="Iron law",
        words="T = D_vol / BW_mem + O / (R_peak x eta) + L_lat: time is traffic, arithmetic and latency.",
        see=("data-volume", "operations", "latency"),
    ),
    Term(
        id="jitter",
        name="Jitter",
        words="The spread of the times of equal work from one run to the next.",
        see=("tail",),
    ),
    Term(
        id="kernel",
        name="Kernel",
        words="One program that runs on the device between a launch and its end.",
    ),
    Term(
        id="kv-cache",
        name="KV cache",
        words="The keys and values of all tokens so far, kept so that each new token need not compute them again.",
        see=("paged-cache",),
    ),
    Term(
        id="latency",
        name="L_lat",
        words="Time that neither traffic nor arithmetic explains: launches, gaps, synchronisation.",
        see=("iron-law",),
    ),
    Term(
        id="latency-bound",
        name="Latency-bound",
        words="Below both roofs: limited by launches and waiting.",
        see=("launch",),
    ),
    Term(
        id="launch",
        name="Launch gap",
        words="The time between two kernels in which the device does nothing.",
        see=("cuda-graph",),
    ),
    Term(
        id="mbu",
        name="MBU",
        words="Model bandwidth utilisation: the bytes that had to move, over what the peak bandwidth allows.",
        see=("mfu",),
    ),
    Term(
        id="memory-bound",
        name="Memory-bound",
        words="Limited by the memory: the time is bytes moved over the rate at which they come.",
        see=("compute-bound",),
    ),
    Term(
        id="mfu",
        name="MFU",
        words="Model FLOP utilisation: the operations that the model needs, over what the peak allows.",
        see=("mbu", "hfu"),
    ),
    Term(
        id="mixture-of-experts",
        name="Mixture of experts (MoE)",
        words="A network of many parts of which each input uses a few: little compute for a large footprint.",
        see=("top-k", "routing-imbalance"),
    ),
    Term(
        id="observer-overhead",
        name="Observer overhead",
        words="The time that a profiler adds to what it measures.",
        see=("profiling-ladder",),
    ),
    Term(
        id="online-softmax",
        name="Online softmax",
        words="A softmax over blocks that corrects earlier sums as a larger score arrives, so one pass is enough.",
        see=("flash-attention",),
    ),
    Term(
        id="operations",
        name="O",
        words="The operations that a step does.",
        see=("iron-law",),
    ),
    Term(
        id="paged-cache",
        name="Paged cache",
        words="A KV cache in small blocks, so that memory is taken as tokens come and not for the longest sequence.",
        see=("kv-cache",),
    ),
    Term(
        id="peak",
        name="R_peak",
        words="The operations a second of a device at one format, dense; of a microcontroller, of its fastest published loop.",
        see=("mfu",),
    ),
    Term(
        id="percentile",
        name="p50, p99, p99.9",
        words="The time that 50%, 99% or 99.9% of all runs stay within.",
        see=("tail",),
    ),
    Term(
        id="prefill",
        name="Prefill",
        words="The phase that reads a whole prompt at once, many tokens for each weight read.",
        see=("decode",),
    ),
    Term(
        id="profiling-ladder",
        name="Profiling ladder",
        words="From the application to the trace to the single kernel: each rung tells where to look on the next.",
        see=("observer-overhead",),
    ),
    Term(
        id="quantisation",
        name="Quantisation",
        words="Storing numbers in fewer bits; weights alone move the dot, weights and activations move the roof as well.",
        see=("roofline",),
    ),
    Term(
        id="regret",
        name="Regret",
        words="By which share a design is below the best feasible design.",
    ),
    Term(
        id="ridge-point",
        name="Ridge point",
        words="The intensity at which both roofs meet, R_peak / BW_mem; left of it memory limits, right of it arithmetic.",
        see=("roofline",),
    ),
    Term(
        id="roofline",
        name="Roofline",
        words="A chart of attainable FLOP/s over intensity: a slope of bandwidth up to the flat roof of the peak.",
        see=("ridge-point", "arithmetic-intensity"),
    ),
    Term(
        id="routing-imbalance",
        name="Routing imbalance",
        words="The load of the busiest expert over the mean; all others wait for it.",
        see=("mixture-of-experts",),
    ),
    Term(
        id="running-waiting",
        name="Running and waiting time",
        words="The two parts of a kernel's time in a trace: doing its work, or standing in line for it.",
    ),
    Term(
        id="shapley",
        name="Shapley attribution",
        words="A division of a joint gain that does not depend on the order in which the changes are made.",
    ),
    Term(
        id="sparsity",
        name="Sparsity",
        words="Weights that are zero; only patterns that the hardware knows, such as 2 of 4 or whole blocks, save time.",
    ),
    Term(
        id="speculative-decoding",
        name="Speculative decoding",
        words="A small model drafts several tokens and the large one checks them in a single step.",
        see=("acceptance-rate",),
    ),
    Term(
        id="sram",
        name="SRAM",
        words="The fast memory on the chip; on a microcontroller, weights outside of it come over a slow bus.",
    ),
    Term(
        id="tail",
        name="Tail",
        words="The rare slow runs, which a mean hides and a high percentile shows.",
        see=("percentile",),
    ),
    Term(
        id="tdp",
        name="TDP",
        words="The power that a device's cooling is made for.",
        see=("throttling",),
    ),
    Term(
        id="tensor-parallelism",
        name="Tensor parallelism",
        words="Dividing every layer among devices, which then exchange their partial results.",
        see=("all-reduce",),
    ),
    Term(
        id="throttling",
        name="Throttling",
        words="Lowering the clock because a part of the device has reached its temperature limit.",
    ),
    Term(
        id="tile",
        name="Tile quantisation",
        words="Work done in vain because a matrix is no whole number of tiles.",
        see=("wave",),
    ),
    Term(
        id="top-k",
        name="Top-k",
        words="How many experts each token is sent to.",
        see=("mixture-of-experts",),
    ),
    Term(
        id="trace",
        name="Trace",
        words="The kernels in the order in which they ran, with start and length.",
        see=("profiling-ladder",),
    ),
    Term(
        id="vector-width",
        name="Vector width",
        words="The numbers that one vector instruction works on; rows that are no multiple of it leave lanes idle.",
    ),
    Term(
        id="warm-up",
        name="Warm-up",
        words="The first runs, slower for caches, clocks and compilation, which a measurement leaves out.",
    ),
    Term(
        id="wave",
        name="Wave quantisation",
        words="Places that stand idle in the last round because the tiles do not fill it.",
        see=("tile",),
    ),
)
