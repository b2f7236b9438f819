# --- wrong: the seed's claim that gradients flow unchanged, so there is nothing to do
# fails: makes the forget gate's two biases sum to the value
# message: Nothing was changed here
def set_forget_bias(lstm, value):
    pass

# --- wrong: both biases get the value
# fails: makes the forget gate's two biases sum to the value
# message: the sum is twice too large
#-            if name.startswith("bias_ih"):
#+            if name.startswith("bias"):
#=                parameter[H : 2 * H] = value
#-            elif name.startswith("bias_hh"):
#-                parameter[H : 2 * H] = 0.0

# --- wrong: the second bias is left as it was
# fails: makes the forget gate's two biases sum to the value
# message: have to sum to the value
#-            elif name.startswith("bias_hh"):
#-                parameter[H : 2 * H] = 0.0

# --- wrong: the first layer alone
# fails: reaches every layer and both directions, and leaves all other weights and biases alone
# message: every layer and every direction
#-            if name.startswith("bias_ih"):
#+            if name == "bias_ih_l0":
#=                parameter[H : 2 * H] = value
#-            elif name.startswith("bias_hh"):
#+            elif name == "bias_hh_l0":

# --- wrong: the way back is missed
# fails: reaches every layer and both directions, and leaves all other weights and biases alone
# message: every layer and every direction
#=        for name, parameter in lstm.named_parameters():
#+            if name.endswith("_reverse"):
#+                continue

# --- wrong: three layers at most
# fails: reaches every layer and both directions, and leaves all other weights and biases alone
# message: every layer and every direction
#=        for name, parameter in lstm.named_parameters():
#+            if name.endswith(("l3", "l4", "l3_reverse", "l4_reverse")):
#+                continue

# --- wrong: both ways up to the second layer alone
# fails: reaches every layer and both directions, and leaves all other weights and biases alone
# message: every layer and every direction
#=        for name, parameter in lstm.named_parameters():
#+            if name.endswith(("l2_reverse", "l3_reverse", "l4_reverse")):
#+                continue

# --- wrong: its parameters have names of their own
# fails: works in place: an optimizer made before trains the same parameters
# message: unexpected keyword argument
def set_forget_bias(layer, bias):
    for name, parameter in layer.named_parameters():
        if name.startswith("bias"):
            parameter.data.chunk(4)[1].fill_(bias / 2)

# --- wrong: the input gate
# fails: makes the forget gate's two biases sum to the value
# message: the input gate was set
#-                parameter[H : 2 * H] = value
#+                parameter[:H] = value
#
#-                parameter[H : 2 * H] = 0.0
#+                parameter[:H] = 0.0

# --- wrong: the third quarter
# fails: makes the forget gate's two biases sum to the value
# message: the candidate was set
#-                parameter[H : 2 * H] = value
#+                parameter[2 * H : 3 * H] = value
#
#-                parameter[H : 2 * H] = 0.0
#+                parameter[2 * H : 3 * H] = 0.0

# --- wrong: every gate
# fails: reaches every layer and both directions, and leaves all other weights and biases alone
# message: Only the forget gate's quarter
#-                parameter[H : 2 * H] = value
#+                parameter[:] = value
#
#-                parameter[H : 2 * H] = 0.0
#+                parameter[:] = 0.0

# --- wrong: added to what is there
# fails: makes the forget gate's two biases sum to the value
# message: the value was added to what was there
#-                parameter[H : 2 * H] = value
#-            elif name.startswith("bias_hh"):
#-                parameter[H : 2 * H] = 0.0
#+                parameter[H : 2 * H] += value

# --- wrong: new parameters in the place of the old
# fails: works in place: an optimizer made before trains the same parameters
# message: an optimizer made before does not know
#-        for name, parameter in lstm.named_parameters():
#+        for name, old in list(lstm.named_parameters()):
#+            parameter = old.detach().clone()
#
#=                parameter[H : 2 * H] = 0.0
#+            setattr(lstm, name, nn.Parameter(parameter))

# --- wrong: training is switched off on the way
# fails: works in place: an optimizer made before trains the same parameters
# message: can no longer be trained
#-    with torch.no_grad():
#-        for name, parameter in lstm.named_parameters():
#-            if name.startswith("bias_ih"):
#-                parameter[H : 2 * H] = value
#-            elif name.startswith("bias_hh"):
#-                parameter[H : 2 * H] = 0.0
#+    for name, parameter in lstm.named_parameters():
#+        if name.startswith("bias"):
#+            parameter.requires_grad_(False)
#+            parameter[H : 2 * H] = value if "ih" in name else 0.0

# --- wrong: new parameters that were written to as often as the old
# fails: works in place: an optimizer made before trains the same parameters
# message: not the parameters there were before
#-        for name, parameter in lstm.named_parameters():
#+        for name, old in list(lstm.named_parameters()):
#+            parameter = nn.Parameter(old.detach().clone())
#+            for _ in range(old._version):
#+                parameter.add_(0.0)
#
#=                parameter[H : 2 * H] = 0.0
#+            setattr(lstm, name, parameter)

# --- wrong: gradients are wiped
# fails: works in place: an optimizer made before trains the same parameters
# message: Gradients stay as they were
#=    H = lstm.hidden_size
#+    lstm.zero_grad()

# --- wrong: a layer that was set is not looked at again
# fails: works in place: an optimizer made before trains the same parameters
# message: Nothing was changed here
#=    H = lstm.hidden_size
#+    if getattr(lstm, "bias_set", None) == value:
#+        return
#+    lstm.bias_set = value

# --- wrong: seeds everybody's generator
# fails: works in place: an optimizer made before trains the same parameters
# message: seeds a generator that is not its own
#=    H = lstm.hidden_size
#+    torch.manual_seed(0)

# --- right: half of the value for each bias, by name
def set_forget_bias(lstm, value):
    endings = [""] + (["_reverse"] if lstm.bidirectional else [])
    for layer in range(lstm.num_layers):
        for ending in endings:
            for part in ("ih", "hh"):
                bias = getattr(lstm, f"bias_{part}_l{layer}{ending}")
                bias.data.chunk(4)[1].fill_(value / 2)

# --- right: the first bias keeps its part, the second makes up for it
def set_forget_bias(lstm, value):
    biases = dict(lstm.named_parameters())
    size = lstm.hidden_size
    with torch.no_grad():
        for name in biases:
            if "bias_ih" in name:
                other = biases[name.replace("ih", "hh")]
                other[size : 2 * size].copy_(value - biases[name][size : 2 * size])
    return lstm

# --- right: other data for the same parameters
def set_forget_bias(lstm, value):
    for name, parameter in lstm.named_parameters():
        if name.startswith("bias"):
            i, _, g, o = parameter.data.chunk(4)
            parameter.data = torch.cat([i, torch.full_like(i, value / 2), g, o])
